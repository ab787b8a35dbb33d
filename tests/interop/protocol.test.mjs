/*
 * The cases of the public Engine.IO 4 and Socket.IO 5 test suites that apply
 * to our server, in our own words. README.md here says which do not, and why.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { after, before, test } from 'node:test';

import { startServer } from '../browser/lib/server.mjs';
import { loadWs } from './lib/foreign.mjs';

const { WebSocket } = await loadWs();
let server;
let url;

before(async () => {
  server = await startServer();
  url = `http://127.0.0.1:${server.port}/socket.io/`;
});

after(() => server?.stop());

const at = (query) => `${url}?${query}`;
const poll = (sid, options) =>
  fetch(at(`EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}`), options);
const post = (sid, body) => poll(sid, { method: 'POST', body });

async function openPolling() {
  const text = await (await poll()).text();
  assert.equal(text[0], '0');
  return JSON.parse(text.slice(1));
}

/**
 * Begin a poll, and wait until the server has it: what is asked later comes
 * after it. It has when it has looked at all its sockets three times: for the
 * new connection, the request and its end.
 *
 * @returns {Promise<{answer: Promise<{status: number, text: string}>}>}
 */
async function holdPoll(sid) {
  const request = get(at(`EIO=4&transport=polling&sid=${sid}`));
  const answer = once(request, 'response').then(async ([response]) => ({
    status: response.statusCode,
    text: Buffer.concat(await response.toArray()).toString(),
  }));
  await once(request, 'finish');
  for (let i = 0; i < 3; i++) await (await fetch(new URL('/healthz', at('')))).text();
  return { answer };
}

/** A WebSocket and what it hears, in order. */
function openSocket(query) {
  const socket = new WebSocket(at(query).replace('http', 'ws'));
  const heard = [];
  const waiting = [];
  const hand = (what) =>
    waiting.length > 0 ? waiting.shift()(what) : heard.push(what);
  socket.on('message', (data) => hand(String(data)));
  socket.on('close', () => hand('closed'));
  socket.on('error', () => {});
  const hear = () =>
    new Promise((resolve) => {
      if (heard.length > 0) resolve(heard.shift());
      else waiting.push(resolve);
    });
  return { socket, hear, say: (text) => socket.send(text) };
}

async function openDirect() {
  const client = openSocket('EIO=4&transport=websocket');
  client.open = JSON.parse((await client.hear()).slice(1));
  return client;
}

/* ---- Engine.IO: the handshake ---- */

test('polling: the handshake has sid, upgrades and times', async () => {
  const open = await openPolling();
  assert.deepEqual(Object.keys(open).sort(), [
    'maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades',
  ]);
  assert.deepEqual(open.upgrades, ['websocket']);
  assert.equal(open.pingInterval, 25000);
  assert.equal(open.pingTimeout, 20000);
});

test('WebSocket: the handshake offers no upgrade', async () => {
  const { open, socket } = await openDirect();
  assert.deepEqual(open.upgrades, []);
  socket.close();
});

for (const query of [
  'transport=polling',
  'EIO=abc&transport=polling',
  'EIO=3&transport=polling',
  'EIO=4',
  'EIO=4&transport=abc',
  'EIO=4&transport=websocket',
  'EIO=4&transport=polling&sid=nobody',
])
  test(`a request with ?${query} is refused with 400`, async () => {
    const answer = await fetch(at(query));
    assert.equal(answer.status, 400);
    assert.ok('code' in (await answer.json()));
  });

for (const method of ['POST', 'PUT', 'DELETE'])
  test(`a handshake by ${method} is refused with 400`, async () => {
    assert.equal((await poll(null, { method })).status, 400);
  });

for (const query of [
  'transport=websocket',
  'EIO=abc&transport=websocket',
  'EIO=4&transport=abc',
  'EIO=4&transport=websocket&sid=nobody',
])
  test(`a WebSocket with ?${query} is refused`, async () => {
    assert.equal(await openSocket(query).hear(), 'closed');
  });

test('a client that keeps its connections gets every answer', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 3; i++) {
    const [answer] = await once(get(at('EIO=4&transport=polling'), { agent }), 'response');
    assert.equal(answer.statusCode, 200);
    await once(answer.resume(), 'end');
  }
  agent.destroy();
});

/* ---- Engine.IO: sessions ---- */

test('polling: a post of several packets gets ok, and all are taken', async () => {
  const { sid } = await openPolling();
  const answer = await post(sid, '40\x1e420["join-room","a"]\x1e421["join-room","b"]');
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), 'ok');
  const packets = (await (await poll(sid)).text()).split('\x1e');
  assert.match(packets[0], /^40\{"sid":/);
  assert.match(packets[1], /^430\[\{"success":true,"roomId":"a"/);
  assert.match(packets[2], /^431\[\{"success":true,"roomId":"b"/);
});

test('polling: an invalid packet ends the session', async () => {
  const { sid } = await openPolling();
  assert.equal((await post(sid, 'abc')).status, 400);
  assert.equal((await poll(sid)).status, 400);
});

test('polling: a second poll beside the first ends the session', async () => {
  const { sid } = await openPolling();
  const first = await holdPoll(sid);
  assert.equal((await poll(sid)).status, 400);
  assert.equal((await first.answer).text, '1');
  assert.equal((await post(sid, '40')).status, 400);
});

test('polling: a body over the limit is refused with 413', async () => {
  const { sid, maxPayload } = await openPolling();
  const answer = await post(sid, `4${'x'.repeat(maxPayload)}`);
  assert.equal(answer.status, 413);
});

test('polling: a close packet ends the session', async () => {
  const { sid } = await openPolling();
  assert.equal(await (await post(sid, '1')).text(), 'ok');
  assert.equal((await poll(sid)).status, 400);
});

test('polling: a close packet lets a held poll go, with a noop', async () => {
  const { sid } = await openPolling();
  const held = await holdPoll(sid);
  assert.equal(await (await post(sid, '1')).text(), 'ok');
  assert.deepEqual(await held.answer, { status: 200, text: '6' });
  assert.equal((await poll(sid)).status, 400);
});

test('WebSocket: a close packet closes it', async () => {
  const client = await openDirect();
  client.say('1');
  assert.equal(await client.hear(), 'closed');
});

for (const packet of ['abc', '2', '5', ''])
  test(`WebSocket: the packet '${packet}' closes it`, async () => {
    const client = await openDirect();
    client.say(packet);
    assert.equal(await client.hear(), 'closed');
  });

/* ---- Engine.IO: the upgrade ---- */

async function upgrade() {
  const { sid } = await openPolling();
  const client = openSocket(`EIO=4&transport=websocket&sid=${sid}`);
  await new Promise((resolve) => client.socket.on('open', resolve));
  const held = await holdPoll(sid);
  client.say('2probe');
  assert.equal(await client.hear(), '3probe');
  assert.equal((await held.answer).text, '6');
  client.say('5');
  client.say('40');
  assert.match(await client.hear(), /^40\{"sid":/);
  return { sid, ...client };
}

test('a session goes on over the WebSocket after the upgrade', async () => {
  const { socket } = await upgrade();
  socket.close();
});

test('after the upgrade a poll is refused', async () => {
  const { sid, socket } = await upgrade();
  assert.equal((await poll(sid)).status, 400);
  socket.close();
});

test('after the upgrade another WebSocket opens and is closed, the first stays', async () => {
  const { sid, socket, say, hear } = await upgrade();
  const other = openSocket(`EIO=4&transport=websocket&sid=${sid}`);
  await once(other.socket, 'open');
  assert.equal(await other.hear(), 'closed');
  say('420["join-room","c"]');
  assert.match(await hear(), /^430\[\{"success":true/);
  socket.close();
});

/* ---- Socket.IO ---- */

for (const packet of ['40', '40{"token":"123"}'])
  test(`a client connects to the default namespace with ${packet}`, async () => {
    const client = await openDirect();
    client.say(packet);
    const { sid } = JSON.parse((await client.hear()).slice(2));
    assert.equal(typeof sid, 'string');
    assert.notEqual(sid, client.open.sid);
    client.socket.close();
  });

test('an event gets its acknowledgement, by its number', async () => {
  const client = await openDirect();
  client.say('40');
  await client.hear();
  client.say('42456["join-room","d"]');
  assert.match(await client.hear(), /^43456\[\{"success":true,"roomId":"d"/);
  client.socket.close();
});

test('another namespace is refused', async () => {
  const client = await openDirect();
  client.say('40/random');
  assert.equal(
    await client.hear(),
    '44/random,{"message":"Invalid namespace"}',
  );
  client.socket.close();
});

for (const packets of [
  ['42["hello"]'],
  ['40', '40'],
  ['40', '4abc'],
  ['40', '42{}'],
  ['40', '42abc["join-room","e"]'],
  ['40', '42["unfinished'],
  ['40', '44{"message":"no"}'],
])
  test(`the packets ${packets.join(' ')} close the connection`, async () => {
    const client = await openDirect();
    packets.forEach(client.say);
    let last = await client.hear();
    if (packets.length > 1 && last !== 'closed') last = await client.hear();
    assert.equal(last, 'closed');
  });

test('who disconnects may connect again', async () => {
  const client = await openDirect();
  client.say('40');
  await client.hear();
  client.say('41');
  client.say('40');
  assert.match(await client.hear(), /^40\{"sid":/);
  client.socket.close();
});
