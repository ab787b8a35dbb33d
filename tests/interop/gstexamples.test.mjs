/*
 * A page in Chromium that speaks gst-examples' protocol, and a pealbin:
 *
 *   gstexamples.html <--text--> peal serve <--ws--> pealbin
 *   gstexamples.html <--text--> servers/simple.py <--text--> pealbin
 *                                             uri=gstexamples+ws://…
 *
 * In a room and one to one; and with OFFER_REQUEST from the page, and to it.
 */

import { test } from 'node:test';

import { serveOurs, serveTheirs, setUpForeign } from './lib/stage.mjs';

const stage = setUpForeign({ python: ['fastapi', 'uvicorn'] });

const pageAt = (address, query) =>
  `gstexamples.html?id=page&server=${address}&${query}`;

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

for (const [sentence, { first, page }] of Object.entries(onOurs))
  test(`our server: ${sentence}`, async (t) => {
    const { host, signalling } = await serveOurs(t);
    await stage.meet(t, {
      first,
      page: pageAt(`ws://${host}/gstexamples`, page),
      door: signalling,
    });
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

for (const [sentence, { first, page, door }] of Object.entries(onTheirs))
  test(`their server: ${sentence}`, async (t) => {
    const { host } = await serveTheirs(t, 'simple.py');
    await stage.meet(t, {
      first,
      page: pageAt(`ws://${host}/`, page),
      door: `gstexamples+ws://${host}/?${door}`,
    });
  });
