/*
 * What only happens to people with Firefox, each in a room with an element:
 *
 *   Camera: pealbin (red, 660 Hz) <-----> Fay: Firefox (walking, 880 Hz)
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll } from './lib/browser.mjs';
import { hasElement, startElement } from './lib/element.mjs';
import { startFirefox } from './lib/firefox.mjs';
import { WALKING } from './lib/known-media.mjs';
import {
  codecOf,
  peerSession,
  waitForPicture,
  waitForState,
  waitForTone,
} from './lib/look.mjs';
import { offerAnew } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const CAMERA = { colour: [200, 40, 40], hz: 660 };
const FAY = { colour: WALKING, hz: 880 };
const H264 = 'x264enc tune=zerolatency speed-preset=ultrafast ! h264parse';

if (!hasElement()) skipAll('pealbin is not built');

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await server?.stop();
});

/* Both in a room of this name, given to `story`. */
async function meet(room, element, person, story) {
  const uri = `ws://127.0.0.1:${server.port}/${room}`;
  const camera = startElement({ uri, name: 'Camera', ...CAMERA, ...element });
  const firefox = await startFirefox(person);
  try {
    const page = await joinRoom(firefox, server, 'Fay', { room });
    await story(page, camera);
    assert.deepEqual(page.faults, []);
  } finally {
    await firefox.close();
    await camera.stop('SIGINT');
  }
}

/* It would have to download its H.264 first, which it may not here. */
test('without H.264 it misses that picture alone, and the element says so', () =>
  meet('h264', { encoder: H264 }, FAY, async (page, camera) => {
    await camera.program.waitForLine(
      /WARNING: .*Fay: it gets no video, because it cannot decode H264/,
    );
    await waitForTone(page, 'Camera', CAMERA.hz);
    await camera.waitForPicture(FAY.colour);
    await camera.waitForTone(FAY.hz);
    assert.equal(await codecOf(page, 'Camera', 'video'), null);

    const old = await peerSession(page, 'Camera');
    await offerAnew(page);
    await waitUntil('a session that the page offered', async () =>
      (await peerSession(page, 'Camera')) !== old);
    await waitForState(page, 'Camera', 'connected');
    await waitForTone(page, 'Camera', CAMERA.hz);
    await camera.waitForPicture(FAY.colour);
    await camera.waitForTone(FAY.hz);
  }));

/* A page that may not use the camera hides its addresses behind names that
 * nobody but its own network can look up. */
test('with permission refused, and no address told, it sees and hears', () => {
  const shy = {
    grants: false,
    prefs: { 'media.peerconnection.ice.obfuscate_host_addresses': true },
  };
  return meet('shy', {}, shy, async (page) => {
    assert.match(await page.textContent('#notice'), /^\s*Receive only/);
    assert.ok(!(await page.isHidden('#notice')));
    await waitForState(page, 'Camera', 'connected');
    await waitForPicture(page, 'Camera', CAMERA.colour);
    await waitForTone(page, 'Camera', CAMERA.hz);
    const told = await page.evaluate(() =>
      window.pealCalls.map((call) => call.localDescription.sdp).join(''));
    assert.match(told, /a=candidate:.* \S+\.local /);
    assert.doesNotMatch(told, /a=candidate:.* (192|10|127)\./);
  });
});
