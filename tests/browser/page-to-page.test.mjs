/*
 * Two people in two browsers, each with a camera and a microphone of its own,
 * through the real server:
 *
 *   Red (440 Hz) <---- pictures and sound ----> Blue (880 Hz)
 *        \__________ peal serve: words __________/
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, startBrowser } from './lib/browser.mjs';
import {
  framesSeen,
  peerSession,
  peerState,
  waitForPicture,
  waitForState,
  waitForTone,
} from './lib/look.mjs';
import { chatOf, offerAnew, say, tileCount, tileOf } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { holds, waitUntil } from './lib/wait.mjs';

const RED = { colour: [200, 40, 40], hz: 440 };
const BLUE = { colour: [40, 60, 200], hz: 880 };
const REBUILT_WITHIN_MS = 5000; // a dead peer is known by then
const BACK_WITHIN_MS = 15000; // what the project promises after a restart

let server;
let redBrowser;
let blueBrowser;
let red;
let blue;

before(async () => {
  server = await startServer();
  redBrowser = await startBrowser(RED);
  blueBrowser = await startBrowser(BLUE);
  red = await joinRoom(redBrowser, server, 'Red');
  blue = await joinRoom(blueBrowser, server, 'Blue');
});

after(async () => {
  await redBrowser?.close();
  await blueBrowser?.close();
  await server?.stop();
});

test('each sees the picture of the other, in its colour and moving', async () => {
  await waitForState(red, 'Blue', 'connected');
  await waitForState(blue, 'Red', 'connected');
  await waitForPicture(red, 'Blue', BLUE.colour);
  await waitForPicture(blue, 'Red', RED.colour);
});

test('each hears the tone of the other', async () => {
  await waitForTone(red, 'Blue', BLUE.hz);
  await waitForTone(blue, 'Red', RED.hz);
});

test('text goes both ways and a screen reader is told', async () => {
  await say(red, 'hello <b>Blue</b>');
  await waitUntil('Blue reads it', async () => (await chatOf(blue)).length === 1);
  assert.match(await blue.textContent('#spoken'), /Red: hello/);
  assert.equal(await blue.textContent('#unread'), '1');
  await say(blue, 'hello Red');
  await waitUntil('Red reads it', async () => (await chatOf(red)).length === 2);
  assert.deepEqual(await chatOf(blue), [
    ['Red', 'hello <b>Blue</b>'],
    ['Blue', 'hello Red'],
  ]);
  assert.equal(await blue.getAttribute('#chat-log', 'aria-live'), 'polite');
});

test('a muted microphone and a stopped camera are seen on the other side', async () => {
  await red.click('#mic');
  await tileOf(blue, 'Red').getByLabel('microphone is muted').waitFor();
  await red.click('#video');
  await waitUntil('Red has no picture', async () =>
    !/has-picture/.test(await tileOf(blue, 'Red').getAttribute('class')));
});

test('a newcomer is told who is muted', async () => {
  const late = await joinRoom(blueBrowser, server, 'Late');
  await tileOf(late, 'Red').getByLabel('microphone is muted').waitFor();
  await late.close();
  await waitUntil('Late has left', async () =>
    (await peerState(red, 'Late')) === null);
  await red.click('#mic');
  await red.click('#video');
  await waitForPicture(blue, 'Red', RED.colour);
  await waitForTone(blue, 'Red', RED.hz);
});

test('the server is killed in mid-call: the call stands', async () => {
  const before = await framesSeen(red, 'Blue');
  await server.stop('SIGKILL');
  for (const page of [red, blue])
    await waitUntil('the page says so', async () =>
      /Reconnecting/.test(await page.textContent('#signalling')));
  await waitUntil('frames go on', async () =>
    (await framesSeen(red, 'Blue')) > before + 30);
  await waitForPicture(blue, 'Red', RED.colour);
});

test('it starts again: both are back, the call is the same, nothing stopped', async () => {
  const session = await peerSession(red, 'Blue');
  server = await startServer({ port: server.port });
  const isBack = (page) => page.evaluate(() => window.peal.state === 'joined');
  const areBack = async () => (await isBack(red)) && (await isBack(blue));
  await waitUntil('both are back in the room', areBack, BACK_WITHIN_MS);
  const isWhole = async () =>
    (await peerState(red, 'Blue')) === 'connected' &&
    (await peerState(blue, 'Red')) === 'connected';
  await holds('the call stands', isWhole, 1000);
  assert.equal(await peerSession(red, 'Blue'), session);
  assert.equal(await red.evaluate(() => window.peal.peers.size), 1);
  await waitForPicture(red, 'Blue', BLUE.colour);
  await waitForTone(red, 'Blue', BLUE.hz);
});

test('after that a newcomer can call both', async () => {
  const late = await joinRoom(blueBrowser, server, 'Late');
  await waitForPicture(late, 'Red', RED.colour);
  await waitForPicture(late, 'Blue', BLUE.colour);
  await waitForPicture(red, 'Late', BLUE.colour);
  await late.close();
});

/* Both agree on a session that is not the old one, and the call works. */
async function isRebuilt(old) {
  await waitUntil('a new session', async () => {
    const ofRed = await peerSession(red, 'Blue');
    return ofRed !== old && ofRed === (await peerSession(blue, 'Red'));
  }, REBUILT_WITHIN_MS);
  await waitForState(red, 'Blue', 'connected');
  await waitForState(blue, 'Red', 'connected');
  await waitForPicture(red, 'Blue', BLUE.colour);
  await waitForPicture(blue, 'Red', RED.colour);
}

/* The RTCPeerConnection of a page ends, unknown to the page itself. */
const breakCall = (page) =>
  page.evaluate(() =>
    window.pealCalls.find((c) => c.connectionState === 'connected').close());

test('a call that breaks on the side of Red is rebuilt', async () => {
  const old = await peerSession(red, 'Blue');
  await breakCall(red);
  await isRebuilt(old);
});

test('a call that breaks on the side of Blue is rebuilt', async () => {
  const old = await peerSession(red, 'Blue');
  await breakCall(blue);
  await isRebuilt(old);
});

test('two new offers that cross end in one session', async () => {
  const old = await peerSession(red, 'Blue');
  await Promise.all([offerAnew(red), offerAnew(blue)]);
  await isRebuilt(old);
});

test('one who leaves is gone from the grid at once, and can come back', async () => {
  await blue.click('#leave');
  await waitUntil('Blue is gone', async () =>
    (await tileCount(red)) === 0);
  assert.ok(await red.isVisible('#alone'));
  await blue.click('#enter');
  await waitForPicture(red, 'Blue', BLUE.colour);
  await waitForPicture(blue, 'Red', RED.colour);
});

test('nothing went wrong on either page', () => {
  assert.deepEqual([...red.faults, ...blue.faults], []);
});
