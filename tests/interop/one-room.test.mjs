/*
 * One room, whatever its members speak:
 *
 *   pealbin, the page of Peal, a Socket.IO page: each with each
 *   a raw page: with the one that has waited longest, which is the pealbin
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { waitForPicture, waitForTone } from '../browser/lib/look.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { waitUntil } from '../browser/lib/wait.mjs';
import {
  needSocketIo,
  openForeign,
  servePages,
} from './lib/foreign.mjs';
import { DOOR, PAGE } from './lib/stage.mjs';

if (!hasElement()) skipAll('pealbin is not built');
needSocketIo();

let server;
let pages;
let browser;
let door;
let peal;
let mesh;
let raw;

before(async () => {
  server = await startServer({ args: ['--any-origin'] });
  pages = await servePages();
  browser = await startBrowser(PAGE);
  door = startElement({ uri: server.signalling, name: 'Door', ...DOOR });
  await door.program.waitForLine(/signalling-state.*joined/);
  peal = await joinRoom(browser, server, 'Peal');
  const http = `http://127.0.0.1:${server.port}`;
  mesh = await openForeign(browser, `${pages.url}/mesh.html?server=${http}`);
  const ws = encodeURIComponent(`ws://127.0.0.1:${server.port}/relay/lobby`);
  raw = await openForeign(browser, `${pages.url}/relay.html?server=${ws}`);
});

after(async () => {
  await browser?.close();
  await door?.stop('SIGINT');
  pages?.close();
  await server?.stop();
});

/* Of a page: how many of its connections stand. */
const upCount = (page) =>
  page.evaluate(
    () =>
      window.pealCalls.filter((pc) => pc.connectionState === 'connected').length,
  );

async function expectCalls(page, count, who) {
  let seen = 0;
  const isSo = async () => (seen = await upCount(page)) === count;
  await waitUntil(`${who} has ${count} calls`, isSo).catch((error) => {
    throw new Error(`${error.message}; has ${seen}`);
  });
}

test('everyone who can has a call with everyone', async () => {
  await expectCalls(peal, 2, 'the page of Peal');
  await expectCalls(mesh, 2, 'the Socket.IO page');
});

test('the raw page has one, with the one that waited longest', async () => {
  await expectCalls(raw, 1, 'the raw page');
  await waitForPicture(raw, 'remote', DOOR.colour);
  await waitForTone(raw, 'remote', DOOR.hz);
});

test('the pealbin shows all three', async () => {
  const connected = () => new Set(door.program.lines
    .map((line) => /peer-state.*[ ,]id=\(string\)([^,;]+).*state=\(string\)connected/.exec(line)?.[1])
    .filter(Boolean));
  await waitUntil(
    'three peers of the pealbin are connected',
    () => connected().size >= 3,
  );
});

test('the page of Peal sees the pealbin and the Socket.IO page', async () => {
  await waitForPicture(peal, 'Door', DOOR.colour);
  await waitForPicture(peal, 'Guest', PAGE.colour);
});

test('the Socket.IO page sees both, and the raw page only one', async () => {
  const count = (page) =>
    page.evaluate(() => document.querySelectorAll('video.remote').length);
  assert.equal(await count(mesh), 2);
  assert.equal(await count(raw), 1);
});
