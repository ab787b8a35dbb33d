/*
 * A FastAPI relay, a plain page in Chromium and a pealbin:
 *
 *   relay.html <--ws--> servers/relay.py <--ws--> pealbin uri=relay+ws://…
 */

import { test } from 'node:test';

import { expectCall, setUpForeign } from './lib/stage.mjs';

const stage = setUpForeign({
  server: 'relay.py', python: ['fastapi', 'uvicorn'],
});

/* Each story has a room of its own. */
const roomOf = (t) =>
  `ws://${stage.server.host}/ws/${t.name.replaceAll(/\W/g, '-')}`;
const pageIn = (room, query = '') =>
  `relay.html?server=${encodeURIComponent(room)}${query}`;

const meet = (t, { query, ...story }) => {
  const room = roomOf(t);
  const [page, door] = [pageIn(room, query), `relay+${room}`];
  return stage.meet(t, { ...story, page, door });
};

const stories = {
  'a page that only listens is called by the pealbin that comes': {
    first: 'page',
  },
  'a page that only listens is called by a pealbin that waits': {
    first: 'door', waits: /peer-state.*connecting/,
  },
  'a page that calls at once is answered, whoever else offers': {
    first: 'door', query: '&call',
  },
};

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));

test('another page can come when the first has gone', async (t) => {
  const { page, door } = await meet(t, { first: 'door', query: '&call' });
  await page.context().close();
  const second = await stage.openPage(t, pageIn(roomOf(t)));
  await expectCall(second, door);
});
