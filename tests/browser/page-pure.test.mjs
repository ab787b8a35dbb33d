/*
 * The page's pure modules, without a browser.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readAddress, shareLink, tidyName } from '../../data/web/address.js';
import { Backoff } from '../../data/web/backoff.js';
import { bestGrid, fitFor, ratioRange } from '../../data/web/grid.js';
import {
  acceptsChannel,
  offeredDirections,
  offersChannel,
  wantsToReceive,
} from '../../data/web/sdp.js';
import { Talk, fits, fromWire, toWire } from '../../data/web/talk.js';
import { nextState } from '../../data/web/transitions.js';
import { chosenWay, serverFault } from '../../data/web/way.js';
import { mediaNotice, peerWords, refusal, wayWords } from '../../data/web/words.js';
import { waitUntil } from './lib/wait.mjs';

test('backoff grows to fifteen seconds and never waits under half a second', () => {
  const longest = new Backoff(() => 1);
  const shortest = new Backoff(() => 0);
  const waits = Array.from({ length: 7 }, () => longest.next());
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  assert.equal(shortest.next(), 500);
  longest.reset();
  assert.equal(longest.next(), 1000);
});

test('an event that a state does not declare is refused', () => {
  const edges = [
    { from: 'idle', event: 'start', to: 'busy' },
    { from: '*', event: 'stop', to: 'idle' },
  ];
  assert.equal(nextState(edges, 'idle', 'start'), 'busy');
  assert.equal(nextState(edges, 'busy', 'start'), null);
  assert.equal(nextState(edges, 'busy', 'stop'), 'idle');
});

test('the address says room, name, token and where the signalling is', () => {
  const url = new URL('https://host:8443/front%20door?name=%20Ann%20&token=t');
  assert.deepEqual(readAddress(url), {
    room: 'front door',
    name: 'Ann',
    token: 't',
    isRelayOnly: false,
    socket: 'wss://host:8443/ws',
  });
  assert.equal(readAddress(new URL('http://host/')).room, 'lobby');
  assert.equal(readAddress(new URL('http://host/%')).room, '%');
  assert.equal(shareLink(url, 'attic'), 'https://host:8443/attic');
});

test('a name is cut to 128 bytes between two characters', () => {
  assert.equal(new TextEncoder().encode(tidyName('é'.repeat(100))).length, 128);
  assert.equal(tidyName('🙂'.repeat(40)), '🙂'.repeat(32));
});

test('the direction of each offered m-line is read', () => {
  const sdp = [
    'v=0', 'a=sendonly',
    'm=audio 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:a0', 'a=sendrecv',
    'm=video 9 UDP/TLS/RTP/SAVPF 97', 'a=mid:v1', 'a=recvonly',
    'm=video 9 UDP/TLS/RTP/SAVPF 97', 'a=mid:v2', '',
  ].join('\r\n');
  const directions = offeredDirections(sdp);
  assert.deepEqual([...directions.values()], ['sendrecv', 'recvonly', 'sendonly']);
  assert.equal(wantsToReceive(directions.get('v1')), true);
  assert.equal(wantsToReceive(directions.get('v2')), false);
  assert.equal(wantsToReceive(undefined), false);
});

test('tiles never leave the stage, whatever its size and their number', () => {
  for (const [width, height] of [[1248, 666], [340, 610], [60, 40], [0, 0]])
    for (let count = 0; count <= 20; count += 1) {
      const box = { width, height, gap: 10 };
      const grid = bestGrid(box, count, ratioRange([]));
      const rows = Math.ceil(count / grid.columns);
      const usedHeight = rows * grid.tileHeight + (rows - 1) * 10;
      const usedWidth = grid.columns * grid.tileWidth + (grid.columns - 1) * 10;
      if (grid.tileWidth > 0) assert.ok(usedWidth <= width && usedHeight <= height);
    }
});

test('a wide stage puts two side by side, a tall one on top of each other', () => {
  const range = ratioRange([16 / 9, 16 / 9]);
  const wide = bestGrid({ width: 1248, height: 666, gap: 10 }, 2, range);
  const tall = bestGrid({ width: 340, height: 610, gap: 10 }, 2, range);
  assert.equal(wide.columns, 2);
  assert.equal(tall.columns, 1);
});

test('a picture fills its tile only where little of it is cut away', () => {
  assert.equal(fitFor(16 / 9, 4 / 3), 'cover');
  assert.equal(fitFor(9 / 16, 4 / 3), 'contain');
});

test('what is missing of our own media is said in plain words', () => {
  assert.equal(mediaNotice({ audio: null, video: null }), '');
  assert.match(mediaNotice({ audio: 'refused', video: 'refused' }), /^Receive only/);
  assert.match(mediaNotice({ audio: 'insecure', video: 'insecure' }), /HTTPS only/);
  assert.match(mediaNotice({ audio: null, video: 'busy' }), /cannot see you.*camera/);
  assert.match(mediaNotice({ audio: 'missing', video: null }), /cannot hear you/);
});

test('every refusal has words, a wrong token others than a missing one', () => {
  assert.match(refusal('room-full', false).title, /full/);
  assert.match(refusal('unauthorized', false).title, /needs a token/);
  assert.match(refusal('unauthorized', true).title, /not right/);
  assert.match(refusal('something-new', false).text, /something-new/);
});

test('a data channel is found in offers and answers', () => {
  const line = (port) => `v=0\r\nm=application ${port} UDP/DTLS/SCTP x\r\n`;
  assert.ok(offersChannel(line(9)) && offersChannel(line(0)));
  assert.ok(acceptsChannel(line(9)) && !acceptsChannel(line(0)));
  assert.ok(!offersChannel('v=0\r\nm=audio 9 x 1\r\n'));
});

test('text crosses a channel as it is, whatever it looks like', () => {
  const read = (wire) => fromWire(wire).text ?? fromWire(wire);
  for (const text of ['hi', '', '{"a":1}', '[1]', '{ no', '"q"', '12'])
    assert.equal(read(toWire(text)), text);
  assert.equal(toWire('hi'), 'hi');
  assert.notEqual(toWire(''), '');
  assert.ok(fits('x'.repeat(65536)) && !fits('x'.repeat(65537)));
  assert.ok(!fits('é'.repeat(40000)));
});

test('text waits for the channel in order, and then goes over it', () => {
  const sent = [];
  const byRoom = [];
  const talk = new Talk((text) => byRoom.push(text));
  const channels = { state: 'waiting', send: (text) => sent.push(text) };
  assert.equal(talk.say('before'), 'room');
  talk.use(channels);
  assert.equal(talk.say('one'), 'taken');
  assert.equal(talk.say('two'), 'taken');
  channels.state = 'open';
  talk.review();
  assert.equal(talk.say('three'), 'taken');
  assert.deepEqual(sent, ['one', 'two', 'three']);
  channels.state = 'closed';
  assert.equal(talk.say('four'), 'room');
  talk.use(null);
  assert.deepEqual(byRoom, []);
});

test('text that waits for a channel in vain goes through the room', () => {
  const byRoom = [];
  const talk = new Talk((text) => byRoom.push(text));
  const channels = { state: 'waiting', send: () => assert.fail() };
  talk.use(channels);
  talk.say('one');
  channels.state = 'closed';
  talk.review();
  assert.deepEqual(byRoom, ['one']);
  talk.use(null);
});

test('a channel that comes late does not overtake the room', async () => {
  const sent = [];
  const talk = new Talk(() => assert.fail());
  const channels = { state: 'closed', send: (text) => sent.push(text) };
  talk.use(channels);
  assert.equal(talk.say('by the room'), 'room');
  channels.state = 'open';
  assert.equal(talk.say('one'), 'taken');
  assert.equal(talk.say('two'), 'taken');
  assert.deepEqual(sent, []);
  await waitUntil('the room has settled', () => sent.length === 2);
  assert.deepEqual(sent, ['one', 'two']);
  talk.use(null);
});

test('nobody is made to keep what a peer does not read', () => {
  const byRoom = [];
  const talk = new Talk((text) => byRoom.push(text));
  talk.use({ state: 'open', send: () => false });
  assert.equal(talk.say('one'), 'refused');
  talk.use({ state: 'waiting' });
  for (let i = 0; i < 1024; i += 1) assert.equal(talk.say('x'), 'taken');
  assert.equal(talk.say('x'), 'refused');
  talk.use(null);
  assert.equal(byRoom.length, 1024);
});

test('the way is the chosen pair, as either browser tells it', () => {
  const ends = [
    { id: 'l', type: 'local-candidate', candidateType: 'srflx' },
    { id: 'r', type: 'remote-candidate', candidateType: 'relay' },
  ];
  const pair = { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' };
  const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' };
  const way = { local: 'srflx', remote: 'relay' };
  assert.deepEqual(chosenWay([transport, pair, ...ends]), way);
  assert.deepEqual(chosenWay([{ ...pair, selected: true }, ...ends]), way);
  assert.equal(chosenWay([pair, ...ends]), null);
  assert.equal(wayWords(way), 'relayed');
  assert.equal(wayWords({ local: 'host', remote: 'prflx' }), 'direct');
  assert.equal(wayWords(null), '');
});

test('a server that does not help is named with its fault', () => {
  const url = 'turn:host:3478?transport=udp';
  assert.match(serverFault({ errorCode: 401, url }), /TURN server turn:host.*credentials/);
  assert.match(serverFault({ errorCode: 701, url: 'stun:host' }), /STUN server.*not answer/);
  assert.equal(serverFault({ errorCode: 0, url }), '');
  assert.match(peerWords('failed', 'because'), /trying again.*\(because\)/);
  assert.equal(peerWords('connected', 'because'), '');
});
