/*
 * Offers that cross on our server: two hundred calls in all, or a hundred of
 * each kind with ROUNDS=100. Between pages of each family that both offer, and
 * between a page and a pealbin that is told to offer just when the page does.
 * The pealbin is far away, so that the server has told it, and its offer is on
 * its way, for a while in which the page knows nothing of that:
 *
 *   glare.html: naive clients <--60 ms--> peal serve <--60 ms--> pealbin
 *
 * A call is alive when each side hears the tone of the other, and sees its
 * colour if there is a camera. Two calls of a room that follow each other have
 * other tones and colours: what was heard in the one counts for nothing in the
 * next.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { waitForPicture, waitForTone } from '../browser/lib/look.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { goFarAway } from './lib/far-away.mjs';
import { DOOR, setUpForeign, startDoor } from './lib/stage.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 25); // calls of each kind
const AT_ONCE = 6; // Chromium makes a page wait that opens 16 sockets at once
const AWAY_MS = 30; // from the server to everybody
const TOLD_AFTER_MS = 1000; // when the server lets a pealbin offer to a page
const SWALLOWED = /peer-state.*offers.*crossed/;
const ROOMS = Array.from({ length: AT_ONCE }, (_, i) => `room-${i}`);
const TONES_HZ = [[880, 330], [1200, 440]]; // of two pages, turn and turn about
const COLOURS = [[40, 60, 200], [40, 160, 60]]; // of a page's camera, likewise

const stage = setUpForeign({ socketIo: true });
let server;
let way;

before(async () => {
  server = await startServer({ args: ['--any-origin'] });
  way = await goFarAway(server.port, AWAY_MS);
});

after(async () => {
  way?.close();
  await server?.stop();
});

/* ---- many calls ---- */

/* One call: what is wrong with it, if anything, and whether offers crossed. */
async function meet(page, { room, members, isAlive }) {
  const enter = (story) => window.enterRoom(...story);
  await page.evaluate(enter, [room, members]);
  const fault = await isAlive(page).then(() => null, ({ message }) => message);
  const leave = (name) => window.leaveRoom(name);
  const { states, hasCrossed } = await page.evaluate(leave, room);
  return { dead: fault ? [`${room}: ${fault}; ${states}`] : [], hasCrossed };
}

/* A page of its own, since Chromium gives one page so many connections only. */
async function meetOften(t, storyOf) {
  const page = await stage.openPage(
    t, `glare.html?server=http://127.0.0.1:${way.port}`);
  const results = [];
  const meetInTurn = async (place) => {
    for (let i = place, turn = 0; i < ROUNDS; i += AT_ONCE, turn += 1)
      results.push(await meet(page, storyOf(i, turn, place)));
  };
  await Promise.all(ROOMS.map((_, place) => meetInTurn(place)));
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

/* ---- two pages ---- */

const expectTones = (page, room, tones) =>
  Promise.all(tones.map((hz, place) =>
    waitForTone(page, `${room} ${place}`, hz)));

/* The one offers a little earlier or later than the other. */
const alike = (families) => (i, turn) => {
  const room = `pages-${i}`;
  const tones = TONES_HZ[turn % 2];
  return {
    room,
    members: families.map((family, place) => ({
      family,
      hz: tones[place],
      delay: i % 2 === place ? i % 8 : 0,
    })),
    isAlive: (page) => expectTones(page, room, tones.toReversed()),
  };
};

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

/* ---- a page and a pealbin ---- */

async function startDoors(t) {
  const doors = ROOMS.map((room) =>
    startDoor(t, `ws://127.0.0.1:${way.port}/${room}`, { name: `Door-${room}` }));
  for (const door of doors)
    await door.program.waitForLine(/signalling-state.*joined/);
  return doors;
}

/* A page hears that it is in after AWAY_MS, and so does the server of its offer:
 * that is there at the same time as the offer of the pealbin, or up to two
 * AWAY_MS before or after it. The middle of that, for the load of the machine. */
const whileOnItsWay = (i) => TOLD_AFTER_MS - 40 + ((i * 37) % 80);

/* What a door says whose offer the server swallows. */
const countSwallowed = (doors) =>
  doors.reduce(
    (sum, { program }) =>
      sum + program.lines.filter((line) => SWALLOWED.test(line)).length,
    0,
  );

async function expectBoth(page, room, door, { hz, colour }) {
  await waitForTone(page, `${room} 0`, DOOR.hz);
  await waitForPicture(page, `${room} 0`, DOOR.colour);
  await door.waitForTone(hz);
  if (colour) await door.waitForPicture(colour);
}

/* Without a camera, and without wanting a picture; wanting one; with a camera. */
const withDoors = (doors, family) => (i, turn, place) => {
  const [room, door] = [ROOMS[place], doors[place]];
  const kind = (place + turn) % 3;
  const member = {
    family,
    hz: TONES_HZ[turn % 2][0],
    colour: kind === 2 ? COLOURS[turn % 2] : null,
    wantsVideo: kind === 1,
    delay: whileOnItsWay(i),
  };
  const isAlive = (page) => expectBoth(page, room, door, member);
  return { room, members: [member], isAlive };
};

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
    const doors = await startDoors(t);
    const results = await meetOften(t, withDoors(doors, family));
    const swallowed = seesAll ? 0 : countSwallowed(doors);
    expectAlive(t, results, Math.max(countSeen(results), swallowed));
  });
