/*
 * The pages of others on our server, and a pealbin opposite that speaks Peal
 * rooms:
 *
 *   mesh.html, relay.html … <--their protocol--> peal serve <--ws--> pealbin
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from '../browser/lib/browser.mjs';
import { scratchFolder } from '../browser/lib/known-media.mjs';
import { waitUntil } from '../browser/lib/wait.mjs';
import {
  expectCall,
  serveOurs,
  setUpForeign,
  startDoor,
} from './lib/stage.mjs';

const stage = setUpForeign({ socketIo: true });

const addressOf = ({ host }, file) =>
  file === 'relay.html'
    ? encodeURIComponent(`ws://${host}/relay/lobby`)
    : `http://${host}`;

const pageAt = (server, { file, query = '' }) =>
  `${file}?server=${addressOf(server, file)}${query}`;

/* Each with its own server, so that every room is new. */
async function meet(t, { first, ...page }) {
  const server = await serveOurs(t);
  await stage.meet(t, {
    first, page: pageAt(server, page), door: server.signalling,
  });
}

const MESH = { file: 'mesh.html' };
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
  'py: the page is there, and waits for the newcomer': {
    ...MESH, first: 'page', query: '&profile=py',
  },
  'py: the page comes, and offers to the members': {
    ...MESH, first: 'door', query: '&profile=py',
  },
  'py: the page offers to the newcomer': {
    ...MESH, first: 'page', query: '&profile=py&offers=member',
  },
  'py: the page comes, and waits for the members': {
    ...MESH, first: 'door', query: '&profile=py&offers=member',
  },
  'py: the page offers to everyone it hears of': {
    ...MESH, first: 'page', query: '&profile=py&offers=both',
  },
  'codelab: the page is the first': { file: 'codelab.html', first: 'page' },
  'codelab: the page is the second': { file: 'codelab.html', first: 'door' },
  'broadcast: the page is the first': { file: 'broadcast.html', first: 'page' },
  'broadcast: the page is the second': {
    file: 'broadcast.html', first: 'door',
  },
};

test('a token that the page gives as auth lets it in, no other does', async (t) => {
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, 'open sesame\n');
  const server = await serveOurs(t, ['--token-file', file]);
  const page = (query) => pageAt(server, { ...MESH, query });
  const door = startDoor(t, `${server.signalling}?token=open%20sesame`);
  for (const query of ['', '&token=open%20barley']) {
    const url = `${stage.url}/${page(query)}`;
    const stranger = await openPage(stage.browser, url);
    await waitUntil('the page is told', async () =>
      (await stranger.title()) === 'Not authorized');
    await stranger.context().close();
  }
  await expectCall(
    await stage.openPage(t, page('&token=open%20sesame')),
    door,
  );
});

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));
