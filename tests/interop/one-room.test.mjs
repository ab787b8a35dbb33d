/*
 * One room, whatever its members speak:
 *
 *   pealbin, the page of Peal, a Socket.IO page: each with each
 *   a raw page: with the one that has waited longest, which is the pealbin
 *
 * Everybody has a colour and a tone, and is known by them wherever it is seen.
 * Each page has a browser to itself, since a camera belongs to a browser.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { isNear } from '../browser/lib/known-media.mjs';
import { lookAt, waitForPicture, waitForTone } from '../browser/lib/look.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { waitUntil } from '../browser/lib/wait.mjs';
import { needSocketIo, openForeign, servePages } from './lib/foreign.mjs';

const DOOR = { colour: [200, 40, 40], hz: 660 };
const PEAL = { colour: [40, 160, 60], hz: 1200 };
const MESH = { colour: [40, 60, 200], hz: 880 };
const RAW = { colour: [170, 150, 30], hz: 440 };
const TOLERANCE = 40; // of 255, as in look.mjs

if (!hasElement()) skipAll('pealbin is not built');
needSocketIo();

const browsers = [];
let server;
let pages;
let door;
let peal;
let mesh;
let raw;

async function browserOf(member) {
  const browser = await startBrowser(member);
  browsers.push(browser);
  return browser;
}

/* One after the other: what the raw page gets depends on it. */
before(async () => {
  server = await startServer({ args: ['--any-origin'] });
  pages = await servePages();
  door = startElement({ uri: server.signalling, name: 'Door', ...DOOR });
  await door.program.waitForLine(/signalling-state.*joined/);
  peal = await joinRoom(await browserOf(PEAL), server, 'Peal');
  const http = `http://${server.host}`;
  mesh = await openForeign(
    await browserOf(MESH), `${pages.url}/mesh.html?server=${http}`);
  const ws = encodeURIComponent(`ws://${server.host}/relay/lobby`);
  raw = await openForeign(
    await browserOf(RAW), `${pages.url}/relay.html?server=${ws}`);
});

after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
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

async function expectMember(page, name, { colour, hz }) {
  await waitForPicture(page, name, colour);
  await waitForTone(page, name, hz);
}

const remotesOf = (page) =>
  page.evaluate(() => [...window.peal.peers.values()].map(({ name }) => name));

/* The members are all that the page shows, each in one place. */
async function expectMembers(page, members) {
  const findIn = async (remotes, { colour }) => {
    for (const name of remotes) {
      const seen = await lookAt(page, name);
      if (seen && isNear(seen.colour, colour, TOLERANCE)) return name;
    }
    return null;
  };
  for (const member of members) {
    const name = await waitUntil(`a picture in ${member.colour}`, async () =>
      findIn(await remotesOf(page), member));
    await expectMember(page, name, member);
  }
  assert.equal((await remotesOf(page)).length, members.length);
}

test('everyone who can has a call with everyone, the raw page has one', async () => {
  await expectCalls(peal, 2, 'the page of Peal');
  await expectCalls(mesh, 2, 'the Socket.IO page');
  await expectCalls(raw, 1, 'the raw page');
});

test('the pealbin sees and hears all three', async () => {
  const others = [PEAL, MESH, RAW];
  await door.waitForPictures(others.map(({ colour }) => colour));
  await door.waitForTones(others.map(({ hz }) => hz));
});

test('the page of Peal sees and hears the pealbin and the Socket.IO page', async () => {
  await expectMember(peal, 'Door', DOOR);
  await expectMember(peal, 'Guest', MESH);
});

test('the Socket.IO page sees and hears the pealbin and the page of Peal', () =>
  expectMembers(mesh, [DOOR, PEAL]));

test('the raw page sees and hears the pealbin, which waited longest', () =>
  expectMembers(raw, [DOOR]));
