/*
 * Socket.IO servers of all kinds, a plain page in Chromium and a pealbin:
 *
 *   mesh.html <--socket.io--> servers/… <--socket.io--> pealbin
 *                                            uri=socketio+ws://…
 */

import { test } from 'node:test';

import { waitUntil } from '../browser/lib/wait.mjs';
import { expectCall, serveTheirs, setUpForeign } from './lib/stage.mjs';

/* So that it says which way it took. */
process.env.GST_DEBUG = 'peal-signalling-engineio-transport:4';

const stage = setUpForeign({
  python: ['socketio', 'uvicorn'], socketIo: true,
});

/* Each with its own server, so that every room is new. */
async function meet(t, { serverFile, args = [], file, ...story }) {
  const { pageQuery = '', doorQuery = '', ...rest } = story;
  const server = await serveTheirs(t, serverFile, ...args);
  const call = await stage.meet(t, {
    ...rest,
    page: `${file}?server=http://${server.host}${pageQuery}`,
    door: `socketio+ws://${server.host}/lobby${doorQuery}`,
  });
  return { server, ...call };
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
  'python: the page is there, and waits for the newcomer': {
    ...PYTHON, first: 'page', pageQuery: '&profile=py',
  },
  'python: the page comes, and offers to the members': {
    ...PYTHON, first: 'door', pageQuery: '&profile=py',
  },
  'python: the page comes, and waits for the members': {
    ...PYTHON, first: 'door', pageQuery: '&profile=py&offers=member',
  },
  'python: the page offers to everyone it hears of': {
    ...PYTHON, first: 'page', pageQuery: '&profile=py&offers=both',
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
  const { server, page, door } = await meet(t, { ...NODE, first: 'page' });
  const again = await server.restart();
  t.after(() => again.stop());
  await door.program.waitForLine(/signalling-state.*reconnecting/);
  await waitUntil('the page has a new call', () =>
    page.evaluate(() => window.pealCalls.length > 1));
  await expectCall(page, door);
});
