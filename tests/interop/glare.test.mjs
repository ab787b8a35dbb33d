/*
 * Offers that cross on our server, a hundred times each (ROUNDS=100; fewer by
 * default, for the time): between pages of each family that both offer, and
 * between a page and a pealbin that is told to offer just when the page does.
 * The pealbin is far away, so that the server has told it, and its offer is on
 * its way, for a while in which the page knows nothing of that:
 *
 *   glare.html: naive clients <-----> peal serve <--100 ms--> pealbin
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { goFarAway } from './lib/far-away.mjs';
import {
  needSocketIo,
  openForeign,
  servePages,
} from './lib/foreign.mjs';
import { DOOR, PAGE } from './lib/stage.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 24); // calls of each kind
const AT_ONCE = 8; // calls of one batch
const AWAY_MS = 60; // from the server to everybody
const TOLD_AFTER_MS = 1000; // when the server lets a pealbin offer to a page
const SWALLOWED = /peer-state.*offers.*crossed/;
const ROOMS = Array.from({ length: AT_ONCE }, (_, i) => `room-${i}`);

if (!hasElement()) skipAll('pealbin is not built');
needSocketIo();

let server;
let way;
let pages;
let browser;
let doors;

before(async () => {
  server = await startServer({ args: ['--any-origin'] });
  way = await goFarAway(server.port, AWAY_MS);
  pages = await servePages();
  browser = await startBrowser(PAGE);
  doors = ROOMS.map((room) =>
    startElement({
      uri: `ws://127.0.0.1:${way.port}/${room}`,
      name: `Door-${room}`,
      ...DOOR,
    }));
  for (const door of doors)
    await door.program.waitForLine(/signalling-state.*joined/);
});

after(async () => {
  await browser?.close();
  pages?.close();
  await Promise.all((doors ?? []).map((door) => door.stop('SIGINT')));
  way?.close();
  await server?.stop();
});

/* In batches, so that the machine is busy but not drowned. A page of its own,
 * since Chromium gives one page so many connections only. */
async function meetOften(t, storyOf) {
  const address = `http://127.0.0.1:${way.port}`;
  const url = `${pages.url}/glare.html?server=${address}`;
  const page = await openForeign(browser, url);
  t.after(() => page.context().close());
  const all = (stories) =>
    Promise.all(stories.map((story) => window.meet(...story)));
  const results = [];
  for (let first = 0; first < ROUNDS; first += AT_ONCE) {
    const length = Math.min(AT_ONCE, ROUNDS - first);
    const batch = Array.from({ length }, (_, i) => storyOf(first + i));
    results.push(...(await page.evaluate(all, batch)));
  }
  return results;
}

/* A crossing is seen by the one side or by the other, and not at all when a
 * pealbin yields of itself: at least so many. */
function expectAlive(t, results, crossed) {
  t.diagnostic(`at least ${crossed} of ${results.length} crossed`);
  assert.deepEqual(results.flatMap(({ dead }) => dead), []);
  assert.ok(crossed >= results.length / 3, `only ${crossed} crossed`);
}

const countSeen = (results) =>
  results.filter(({ hasCrossed }) => hasCrossed).length;

/* The one offers a little earlier or later than the other. */
const alike = (families) => (i) => [
  `pages-${i}`,
  families.map((family, place) => ({
    family,
    delay: i % 2 === place ? i % 8 : 0,
  })),
];

const pairs = {
  'two kebab-case Socket.IO pages': ['mesh', 'mesh'],
  'two snake_case Socket.IO pages': ['py', 'py'],
  'two raw pages': ['relay', 'relay'],
  'a raw and a Socket.IO page': ['relay', 'mesh'],
};

for (const [who, families] of Object.entries(pairs))
  test(`${who} that both offer are connected`, async (t) => {
    const results = await meetOften(t, alike(families));
    expectAlive(t, results, countSeen(results));
  });

/* A page hears that it is in 60 ms after the server knows, and is heard 60 ms
 * after it has offered. So its offer is at the server at the same time as that
 * of the pealbin, or up to 120 ms before it, or up to 60 ms later. */
const whileOnItsWay = (i) => TOLD_AFTER_MS - 100 + ((i * 37) % 140);

/* What a door says whose offer the server swallows. */
const countSwallowed = () =>
  doors.reduce(
    (sum, { program }) =>
      sum + program.lines.filter((line) => SWALLOWED.test(line)).length,
    0,
  );

/* The page sees a crossing in which its offer is dropped; with a mesh, that is
 * in every one. */
const families = {
  'a kebab-case Socket.IO page': { family: 'mesh', seesAll: true },
  'a snake_case Socket.IO page': { family: 'py', seesAll: true },
  'a codelab page': { family: 'codelab' },
  'a raw page': { family: 'relay' },
};

for (const [who, { family, seesAll }] of Object.entries(families))
  test(`${who} and a pealbin that both offer are connected`, async (t) => {
    const before = countSwallowed();
    const results = await meetOften(t, (i) => [
      ROOMS[i % AT_ONCE],
      [{ family, delay: whileOnItsWay(i), wantsVideo: i % 2 === 0 }],
    ]);
    const swallowed = seesAll ? 0 : countSwallowed() - before;
    expectAlive(t, results, Math.max(countSeen(results), swallowed));
  });
