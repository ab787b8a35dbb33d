/*
 * The pages of others on our server, and a pealbin opposite that speaks Peal
 * rooms:
 *
 *   mesh.html, relay.html … <--their protocol--> peal serve <--ws--> pealbin
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openPage, skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { scratchFolder } from '../browser/lib/known-media.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { waitUntil } from '../browser/lib/wait.mjs';
import {
  DOOR,
  PAGE,
  expectCall,
  needSocketIo,
  openForeign,
  servePages,
} from './lib/foreign.mjs';

if (!hasElement()) skipAll('pealbin is not built');
needSocketIo();

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

const addressOf = (server, file) =>
  file === 'relay.html'
    ? encodeURIComponent(`ws://127.0.0.1:${server.port}/relay/lobby`)
    : `http://127.0.0.1:${server.port}`;

const openRoom = (server, { file, query = '' }) =>
  openForeign(
    browser,
    `${pages.url}/${file}?server=${addressOf(server, file)}${query}`,
  );

const startDoor = (server) =>
  startElement({ uri: server.signalling, name: 'Door', ...DOOR });

/* Each with its own server, so that every room is new. */
async function meet(t, story) {
  const server = await startServer({ args: ['--any-origin'] });
  t.after(() => server.stop());
  let page = null;
  if (story.first === 'page') page = await openRoom(server, story);
  const door = startDoor(server);
  t.after(() => door.stop('SIGINT'));
  if (story.first !== 'page') {
    await door.program.waitForLine(/signalling-state.*joined/);
    page = await openRoom(server, story);
  }
  t.after(() => page.context().close());
  await expectCall(page, door);
}

const MESH = { file: 'mesh.html' };
const PYTHON = { file: 'mesh.html' };
const RELAY = { file: 'relay.html' };

const stories = {
  'raw: the page is there, and waits': { ...RELAY, first: 'page' },
  'raw: the page is there, and calls': {
    ...RELAY, first: 'page', query: '&call',
  },
  'raw: the page comes, and waits': { ...RELAY, first: 'door' },
  'raw: the page comes, and calls': { ...RELAY, first: 'door', query: '&call' },
  'mesh: the page is there, and waits for the newcomer': {
    ...MESH, first: 'page', query: '&offers=newcomer',
  },
  'mesh: the page comes, and offers to the members': {
    ...MESH, first: 'door', query: '&offers=newcomer',
  },
  'mesh: the page is there, and offers to the newcomer': {
    ...MESH, first: 'page', query: '&offers=member',
  },
  'mesh: the page comes, and waits for the members': {
    ...MESH, first: 'door', query: '&offers=member',
  },
  'mesh: the page offers to everyone it hears of': {
    ...MESH, first: 'page', query: '&offers=both',
  },
  'mesh: the page polls only': {
    ...MESH, first: 'door', query: '&transports=polling',
  },
  'mesh: the page has a WebSocket only': {
    ...MESH, first: 'door', query: '&transports=websocket',
  },
  'py: the page is there': { ...PYTHON, first: 'page', query: '&profile=py' },
  'py: the page comes': { ...PYTHON, first: 'door', query: '&profile=py' },
  'py: the page offers to the newcomer': {
    ...PYTHON, first: 'page', query: '&profile=py&offers=member',
  },
  'codelab: the page is the first': { file: 'codelab.html', first: 'page' },
  'codelab: the page is the second': { file: 'codelab.html', first: 'door' },
  'broadcast: the page is the first': { file: 'broadcast.html', first: 'page' },
  'broadcast: the page is the second': {
    file: 'broadcast.html', first: 'door',
  },
};

test('a token that the page gives as auth lets it in; without it is told so', async (t) => {
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, 'open sesame\n');
  const server = await startServer({ args: ['--token-file', file] });
  t.after(() => server.stop());
  const door = startElement({
    uri: `${server.signalling}?token=open%20sesame`, name: 'Door', ...DOOR,
  });
  t.after(() => door.stop('SIGINT'));
  for (const query of ['', '&token=open%20barley']) {
    const stranger = await openPage(
      browser,
      `${pages.url}/mesh.html?server=${addressOf(server, 'mesh.html')}${query}`,
    );
    await waitUntil('the page is told', async () =>
      (await stranger.title()) === 'Not authorized');
    await stranger.context().close();
  }
  const page = await openRoom(server, {
    file: 'mesh.html', query: '&token=open%20sesame',
  });
  t.after(() => page.context().close());
  await expectCall(page, door);
});

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));
