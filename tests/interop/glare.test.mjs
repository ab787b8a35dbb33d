/*
 * Offers that cross, a hundred times, on our server: between pages that both
 * offer, and between pages and a pealbin that is told to offer just when the
 * page does.
 *
 *   glare.html: many naive clients <--socket.io--> peal serve <--> pealbin
 */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { startServer } from '../browser/lib/server.mjs';
import {
  DOOR,
  PAGE,
  needSocketIo,
  openForeign,
  servePages,
} from './lib/foreign.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 100); // calls of each kind
const AT_ONCE = 4; // calls of one batch
/* ROUNDS=100 asks for a hundred here, too; fewer by default, for the time. */
const ROUNDS_WITH_PEALBIN = Number(process.env.ROUNDS ?? 24);
const TOLD_AFTER_MS = 1000; // when the server lets a pealbin offer to a page

if (!hasElement()) skipAll('pealbin is not built');
needSocketIo();

let server;
let pages;
let browser;
let page;

/* A server for each story: it lets one address connect so often only. */
beforeEach(async () => {
  server = await startServer({ args: ['--any-origin'] });
  pages = await servePages();
  browser = await startBrowser(PAGE);
  const address = `http://127.0.0.1:${server.port}`;
  page = await openForeign(browser, `${pages.url}/glare.html?server=${address}`);
});

afterEach(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

const startDoor = (room) =>
  startElement({
    uri: `ws://127.0.0.1:${server.port}/${room}`,
    name: `Door-${room}`,
    ...DOOR,
  });

/* In batches, so that the machine is busy but not drowned. */
async function meetOften(storyOf, rounds = ROUNDS) {
  const results = [];
  for (let first = 0; first < rounds; first += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, i) => storyOf(first + i));
    const all = ([stories]) =>
      Promise.all(stories.map(([room, delays]) => window.meet(room, delays)));
    results.push(...(await page.evaluate(all, [batch])));
  }
  return {
    dead: results.flatMap(({ dead }) => dead),
    crossed: results.reduce((sum, { crossed }) => sum + crossed, 0),
  };
}

test('two pages that both offer are connected, a hundred times', async (t) => {
  const { dead, crossed } = await meetOften((i) => [`pages-${i}`, [0, 0]]);
  t.diagnostic(`${crossed} offers crossed`);
  assert.deepEqual(dead, []);
  assert.ok(crossed > ROUNDS / 4, `only ${crossed} offers crossed`);
});

test('a page and a pealbin that both offer are, again and again', async (t) => {
  const rooms = Array.from({ length: AT_ONCE }, (_, i) => `room-${i}`);
  const doors = rooms.map((room) => startDoor(room));
  t.after(() => Promise.all(doors.map((door) => door.stop('SIGINT'))));
  for (const door of doors)
    await door.program.waitForLine(/signalling-state.*joined/);
  const spread = (i) => TOLD_AFTER_MS - 20 + ((i * 7) % 60);
  const { dead, crossed } = await meetOften((i) => [
    rooms[i % AT_ONCE],
    [spread(i)],
  ], ROUNDS_WITH_PEALBIN);
  t.diagnostic(`${crossed} offers crossed`);
  assert.deepEqual(dead, []);
});
