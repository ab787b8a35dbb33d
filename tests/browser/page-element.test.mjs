/*
 * A browser on the served page against one gst-launch-1.0 line:
 *
 *   Door: pealbin serve=… (red, 660 Hz) <-- page --> Panel: Chromium (blue,
 *   880 Hz) or Firefox (walking, 880 Hz)
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isJoined, openPage, skipAll } from './lib/browser.mjs';
import { knownPerson, startEither } from './lib/either.mjs';
import { freePort, hasElement, startElement } from './lib/element.mjs';
import {
  peerSession,
  waitForPicture,
  waitForState,
  waitForTone,
} from './lib/look.mjs';
import { offerAnew, say, tileCount } from './lib/person.mjs';
import { waitUntil } from './lib/wait.mjs';

const PANEL = knownPerson({ colour: [40, 60, 200], hz: 880 });
const DOOR = { colour: [200, 40, 40], hz: 660 };

if (!hasElement()) skipAll('pealbin is not built');

let port;
let door;
let browser;
let page;

const startDoor = () =>
  startElement({ serve: `127.0.0.1:${port}`, name: 'Door', ...DOOR });

const isServing = async () => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
};

before(async () => {
  port = await freePort();
  door = startDoor();
  browser = await startEither(PANEL);
  await waitUntil('the element serves the page', isServing);
  page = await openPage(browser, `http://127.0.0.1:${port}/lobby?name=Panel`);
  await waitUntil('the page is in the room', () => isJoined(page));
});

after(async () => {
  await browser?.close();
  await door?.stop('SIGINT');
});

test('the page sees the picture and hears the tone of the element', async () => {
  await waitForState(page, 'Door', 'connected');
  await waitForPicture(page, 'Door', DOOR.colour);
  await waitForTone(page, 'Door', DOOR.hz);
});

test('the element mixes the picture and the tone of the page', async () => {
  await door.waitForPicture(PANEL.colour);
  await door.waitForTone(PANEL.hz);
});

/* One word: the bus is printed with spaces escaped. */
test('text of the page is on the bus of the element', async () => {
  await say(page, 'gate-is-open');
  await door.program.waitForLine(/\(element\): message.*gate-is-open/);
});

test('the mute of the page is on the bus of the element', async () => {
  await page.click('#mic');
  await door.program.waitForLine(/mute.*audio.*true/);
  await page.click('#mic');
  await door.waitForTone(PANEL.hz);
});

test('a session that the page offers is as good', async () => {
  const old = await peerSession(page, 'Door');
  await offerAnew(page);
  await waitUntil('a new session', async () =>
    (await peerSession(page, 'Door')) !== old);
  await waitForState(page, 'Door', 'connected');
  await waitForPicture(page, 'Door', DOOR.colour);
  await waitForTone(page, 'Door', DOOR.hz);
  await door.waitForPicture(PANEL.colour);
  await door.waitForTone(PANEL.hz);
});

test('the element is killed and comes back: seen again, by the same page', async () => {
  const old = await peerSession(page, 'Door');
  await door.stop('SIGKILL');
  door = startDoor();
  const isAnew = async () => {
    const isAlone = (await tileCount(page)) === 1;
    return isAlone && (await peerSession(page, 'Door')) !== old;
  };
  await waitUntil('the new Door stands for the old one', isAnew);
  await waitForState(page, 'Door', 'connected');
  await waitForPicture(page, 'Door', DOOR.colour);
  await door.waitForPicture(PANEL.colour);
});

test('nothing went wrong on the page', () => {
  assert.deepEqual(page.faults, []);
});
