/*
 * A FastAPI relay, a plain page in Chromium and a pealbin:
 *
 *   relay.html <--ws--> servers/relay.py <--ws--> pealbin uri=relay+ws://…
 */

import { after, before, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import {
  DOOR,
  PAGE,
  expectCall,
  needPython,
  openForeign,
  servePages,
  startForeign,
} from './lib/foreign.mjs';

if (!hasElement()) skipAll('pealbin is not built');
needPython('fastapi', 'uvicorn');

let server;
let pages;
let browser;

before(async () => {
  server = await startForeign('relay.py');
  pages = await servePages();
  browser = await startBrowser(PAGE);
});

after(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

const startDoor = (room) =>
  startElement({
    uri: `relay+ws://127.0.0.1:${server.port}/ws/${room}`,
    name: 'Door',
    ...DOOR,
  });

const openRoom = (room, query = '') => {
  const address = encodeURIComponent(`ws://127.0.0.1:${server.port}/ws/${room}`);
  return openForeign(browser, `${pages.url}/relay.html?server=${address}${query}`);
};

test('a page that only listens is called by the pealbin that comes', async (t) => {
  const page = await openRoom('listens');
  const door = startDoor('listens');
  t.after(() => door.stop('SIGINT'));
  await expectCall(page, door);
  await page.context().close();
});

test('a page that only listens is called by a pealbin that waits', async (t) => {
  const door = startDoor('waits');
  t.after(() => door.stop('SIGINT'));
  await door.program.waitForLine(/peer-state.*connecting/);
  const page = await openRoom('waits');
  await expectCall(page, door);
  await page.context().close();
});

test('a page that calls at once is answered, whoever else offers', async (t) => {
  const door = startDoor('calls');
  t.after(() => door.stop('SIGINT'));
  const page = await openRoom('calls', '&call');
  await expectCall(page, door);
  await page.context().close();
});

test('another page can come when the first has gone', async (t) => {
  const door = startDoor('again');
  t.after(() => door.stop('SIGINT'));
  const first = await openRoom('again', '&call');
  await expectCall(first, door);
  await first.context().close();
  const second = await openRoom('again');
  await expectCall(second, door);
  await second.context().close();
});
