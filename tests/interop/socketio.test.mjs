/*
 * Socket.IO servers of all kinds, a plain page in Chromium and a pealbin:
 *
 *   mesh.html <--socket.io--> servers/… <--socket.io--> pealbin
 *                                            uri=socketio+ws://…
 */

import { after, before, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { waitUntil } from '../browser/lib/wait.mjs';
import {
  DOOR,
  PAGE,
  expectCall,
  needPython,
  needSocketIo,
  openForeign,
  servePages,
  startForeign,
} from './lib/foreign.mjs';

if (!hasElement()) skipAll('pealbin is not built');
needPython('socketio', 'uvicorn');
needSocketIo();

/* So that it says which way it took. */
process.env.GST_DEBUG = 'peal-signalling-engineio-transport:4';

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

const startDoor = (server, query = '') =>
  startElement({
    uri: `socketio+ws://127.0.0.1:${server.port}/lobby${query}`,
    name: 'Door',
    ...DOOR,
  });

const openRoom = (server, file, query = '') =>
  openForeign(
    browser,
    `${pages.url}/${file}?server=http://127.0.0.1:${server.port}${query}`,
  );

/* Each with its own server, so that every room is new. */
async function meet(t, story) {
  const { serverFile, args = [], file, pageQuery, doorQuery, first, says } = story;
  const server = await startForeign(serverFile, ...args);
  t.after(() => server.stop());
  let page = null;
  if (first === 'page') page = await openRoom(server, file, pageQuery);
  const door = startDoor(server, doorQuery);
  t.after(() => door.stop('SIGINT'));
  if (first !== 'page') {
    await door.program.waitForLine(/signalling-state.*joined/);
    page = await openRoom(server, file, pageQuery);
  }
  t.after(() => page.context().close());
  await expectCall(page, door);
  if (says) await door.program.waitForLine(says);
}

const NODE = { serverFile: 'mesh.mjs', file: 'mesh.html' };
const PYTHON = { serverFile: 'rooms.py', file: 'mesh.html' };

const stories = {
  'node: the page is there, and waits for the newcomer': {
    ...NODE, first: 'page', pageQuery: '&offers=newcomer',
  },
  'node: the page comes, and offers to the members': {
    ...NODE, first: 'door', pageQuery: '&offers=newcomer',
  },
  'node: the page is there, and offers to the newcomer': {
    ...NODE, first: 'page', pageQuery: '&offers=member',
  },
  'node: the page comes, and waits for the members': {
    ...NODE, first: 'door', pageQuery: '&offers=member',
  },
  'node: the page offers to everyone it hears of': {
    ...NODE, first: 'page', pageQuery: '&offers=both',
  },
  'node, polling only': {
    ...NODE, args: ['polling'], first: 'page', says: /no WebSocket.*polling/,
  },
  'node, WebSocket only': {
    ...NODE, args: ['websocket'], first: 'door',
    pageQuery: '&transports=websocket',
  },
  'node, polling first, then a WebSocket': {
    ...NODE, args: ['upgrade'], first: 'door', says: /upgraded to a WebSocket/,
  },
  'python: the page is there': {
    ...PYTHON, first: 'page', pageQuery: '&profile=py',
  },
  'python: the page comes': {
    ...PYTHON, first: 'door', pageQuery: '&profile=py',
  },
  'python, told the profile: the page offers to the newcomer': {
    ...PYTHON, first: 'page', pageQuery: '&profile=py&offers=member',
    doorQuery: '?profile=py',
  },
  'codelab: the page is the first': {
    serverFile: 'codelab.mjs', file: 'codelab.html', first: 'page',
  },
  'codelab: the page is the second': {
    serverFile: 'codelab.mjs', file: 'codelab.html', first: 'door',
  },
  'broadcast: the page is the first': {
    serverFile: 'broadcast.mjs', file: 'broadcast.html', first: 'page',
  },
  'broadcast: the page is the second': {
    serverFile: 'broadcast.mjs', file: 'broadcast.html', first: 'door',
  },
};

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));

test('node: after a restart of the server they find each other again', async (t) => {
  let server = await startForeign('mesh.mjs');
  t.after(() => server.stop());
  const page = await openRoom(server, 'mesh.html');
  const door = startDoor(server);
  t.after(() => door.stop('SIGINT'));
  t.after(() => page.context().close());
  await expectCall(page, door);
  server = await server.restart();
  await door.program.waitForLine(/signalling-state.*reconnecting/);
  await waitUntil('the page has a new call', () =>
    page.evaluate(() => window.pealCalls.length > 1));
  await expectCall(page, door);
});
