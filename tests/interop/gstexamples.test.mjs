/*
 * A page in Chromium that speaks gst-examples' protocol, and a pealbin:
 *
 *   gstexamples.html <--text--> peal serve <--ws--> pealbin
 *   gstexamples.html <--text--> servers/simple.py <--text--> pealbin
 *                                             uri=gstexamples+ws://…
 *
 * In a room and one to one; and with OFFER_REQUEST from the page, and to it.
 */

import { after, before, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { startServer } from '../browser/lib/server.mjs';
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

let pages;
let browser;

before(async () => {
  pages = await servePages();
  browser = await startBrowser(PAGE);
});

after(async () => {
  await browser?.close();
  pages?.close();
});

const openRoom = (address, query) =>
  openForeign(
    browser,
    `${pages.url}/gstexamples.html?id=page&server=${address}&${query}`,
  );

async function meet(t, { first, page: query }, address, startDoor) {
  let page = null;
  if (first === 'page') page = await openRoom(address, query);
  const door = startDoor();
  t.after(() => door.stop('SIGINT'));
  if (first !== 'page') {
    await door.program.waitForLine(/signalling-state.*joined/);
    page = await openRoom(address, query);
  }
  t.after(() => page.context().close());
  await expectCall(page, door);
}

const onOurs = {
  'in a room, the page comes and offers': { first: 'door', page: 'room=lobby' },
  'in a room, the page comes and asks for an offer': {
    first: 'door', page: 'room=lobby&ask',
  },
  'in a room, the page is there and is offered to': {
    first: 'page', page: 'room=lobby',
  },
  'the page calls the pealbin by its name, and offers': {
    first: 'door', page: 'peer=Door',
  },
  'the page calls the pealbin, and asks for an offer': {
    first: 'door', page: 'peer=Door&ask',
  },
  'the page waits to be called, and the pealbin comes': {
    first: 'page', page: '',
  },
  'the page waits to be called where the pealbin is': {
    first: 'door', page: '',
  },
};

for (const [sentence, story] of Object.entries(onOurs))
  test(`our server: ${sentence}`, async (t) => {
    const server = await startServer({ args: ['--any-origin'] });
    t.after(() => server.stop());
    const address = `ws://127.0.0.1:${server.port}/gstexamples`;
    await meet(t, story, address, () =>
      startElement({ uri: server.signalling, name: 'Door', ...DOOR }));
  });

const onTheirs = {
  'in a room, the page comes and offers': {
    first: 'door', page: 'room=lobby', door: 'room=lobby',
  },
  'in a room, the page comes and asks for an offer': {
    first: 'door', page: 'room=lobby&ask', door: 'room=lobby',
  },
  'in a room, the page is there and the pealbin offers': {
    first: 'page', page: 'room=lobby', door: 'room=lobby',
  },
  'the page calls, and offers': {
    first: 'door', page: 'peer=door', door: 'id=door',
  },
  'the page calls, and asks for an offer': {
    first: 'door', page: 'peer=door&ask', door: 'id=door',
  },
  'the pealbin calls, and offers': {
    first: 'page', page: '', door: 'peer=page',
  },
};

for (const [sentence, story] of Object.entries(onTheirs))
  test(`their server: ${sentence}`, async (t) => {
    const server = await startForeign('simple.py');
    t.after(() => server.stop());
    const host = `127.0.0.1:${server.port}`;
    await meet(t, story, `ws://${host}/`, () =>
      startElement({
        uri: `gstexamples+ws://${host}/?${story.door}`,
        name: 'Door',
        ...DOOR,
      }));
  });
