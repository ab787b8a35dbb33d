/*
 * The server dies in the middle of a call of an element and a page, and is
 * started again on the same port:
 *
 *   Door: pealbin (red, 660 Hz) <---- the call ----> Panel: a browser
 *        \______ peal serve: killed, started ______/     (blue or walking,
 *                                                          880 Hz)
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isJoined, joinRoom, skipAll } from './lib/browser.mjs';
import { knownPerson, startEither } from './lib/either.mjs';
import { hasElement, startElement } from './lib/element.mjs';
import {
  framesSeen,
  peerSession,
  peerState,
  waitForPicture,
  waitForTone,
  watchForGaps,
} from './lib/look.mjs';
import { tileCount } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { holds, waitUntil } from './lib/wait.mjs';

const DOOR = { colour: [200, 40, 40], hz: 660 };
const PANEL = knownPerson({ colour: [40, 60, 200], hz: 880 });
const BACK_WITHIN_MS = 15000; // what the project promises
const GAP_LIMIT_MS = 2500; // chosen: 300 are aimed at; the machine is shared

if (!hasElement()) skipAll('pealbin is not built');

let server;
let browser;
let page;
let door;
let session;
let longestGap;

before(async () => {
  server = await startServer();
  door = startElement({ uri: server.signalling, name: 'Door', ...DOOR });
  browser = await startEither(PANEL);
  page = await joinRoom(browser, server, 'Panel');
});

after(async () => {
  await browser?.close();
  await door?.stop('SIGINT');
  await server?.stop();
});

test('they call each other', async () => {
  await waitForPicture(page, 'Door', DOOR.colour);
  await waitForTone(page, 'Door', DOOR.hz);
  await door.waitForPicture(PANEL.colour);
  await door.waitForTone(PANEL.hz);
});

test('the server is killed: picture and sound go on, both ways', async () => {
  session = await peerSession(page, 'Door');
  longestGap = await watchForGaps(page, 'Door');
  const from = door.program.lines.length;
  await server.stop('SIGKILL');
  await waitUntil('the page says so', async () =>
    /Reconnecting/.test(await page.textContent('#signalling')));
  await door.program.waitForLine(/signalling-state.*reconnecting/, { from });
  const frames = await framesSeen(page, 'Door');
  await waitUntil('frames go on', async () =>
    (await framesSeen(page, 'Door')) > frames + 15);
  await waitForPicture(page, 'Door', DOOR.colour);
  await waitForTone(page, 'Door', DOOR.hz);
  await door.waitForPicture(PANEL.colour);
  await door.waitForTone(PANEL.hz);
});

test('it starts again: both are back, and it is the same call', async (t) => {
  const from = door.program.lines.length;
  const startedAt = Date.now();
  server = await startServer({ port: server.port });
  await Promise.all([
    waitUntil('the page is back', () => isJoined(page), BACK_WITHIN_MS),
    door.program.waitForLine(/signalling-state.*joined/, {
      from,
      limitMs: BACK_WITHIN_MS,
    }),
  ]);
  t.diagnostic(`both were back after ${Date.now() - startedAt} ms`);
  const isWhole = async () =>
    (await tileCount(page)) === 1 &&
    (await peerState(page, 'Door')) === 'connected';
  await holds('the call stands, and is there once', isWhole, 1000);
  assert.equal(await peerSession(page, 'Door'), session);
  await waitForPicture(page, 'Door', DOOR.colour);
  await door.waitForPicture(PANEL.colour);
});

test('the picture never stopped', async (t) => {
  const gapMs = await longestGap();
  t.diagnostic(`the longest gap: ${gapMs} ms`);
  assert.ok(gapMs < GAP_LIMIT_MS, `the picture stood still for ${gapMs} ms`);
});

/* Its camera is that of the same browser. */
test('a newcomer can call both', async () => {
  const late = await joinRoom(browser, server, 'Late');
  await waitForPicture(late, 'Door', DOOR.colour);
  await waitForPicture(late, 'Panel', PANEL.colour);
  await waitForPicture(page, 'Late', PANEL.colour);
  assert.equal(await tileCount(late), 2);
  assert.equal(await tileCount(page), 2);
  await door.program.waitForLine(/peer-state.*Late.*connected/);
  await late.close();
  await waitUntil('Late has left', async () => (await tileCount(page)) === 1);
});

test('nothing went wrong on the page', () => {
  assert.deepEqual(page.faults, []);
});
