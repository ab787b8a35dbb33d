/*
 * Elements that send what they are told to, each in a room of its own with
 * Chromium, one after the other:
 *
 *   Camera: pealbin (a codec; red, 660 Hz) <-----> Panel: Chromium (blue,
 *                                                         880 Hz)
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll, startBrowser } from './lib/browser.mjs';
import { hasElement, startElement } from './lib/element.mjs';
import { isNear } from './lib/known-media.mjs';
import {
  codecOf,
  coloursShown,
  videoCodecsOf,
  waitForPicture,
  waitForTone,
} from './lib/look.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const CAMERA = { colour: [200, 40, 40], hz: 660 };
const GARDEN = { colour: [40, 160, 60] };
const PANEL = { colour: [40, 60, 200], hz: 880 };
const FIRST_PICTURE_MS = 10000; // chosen: 1000 are aimed at; see the figure

if (!hasElement()) skipAll('pealbin is not built');

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser(PANEL);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const roomUri = (room) => `ws://127.0.0.1:${server.port}/${room}`;

/* A key frame every 20 s, and whenever somebody asks for one. */
const ENCODER =
  'x264enc tune=zerolatency speed-preset=ultrafast key-int-max=300 ! h264parse';
const VP8_ENCODER = 'vp8enc deadline=1 keyframe-max-dist=300';

test('an H.264 source is passed through; who comes later sees it at once', async (t) => {
  const room = 'passthrough';
  const camera = startElement({
    uri: roomUri(room),
    name: 'Camera',
    encoder: ENCODER,
    ...CAMERA,
  });
  const page = await joinRoom(browser, server, 'Panel', { room });
  await waitForPicture(page, 'Camera', CAMERA.colour);
  assert.equal(await codecOf(page, 'Camera', 'video'), 'video/h264');
  await camera.waitForPicture(PANEL.colour);

  const late = await joinRoom(browser, server, 'Late', { room });
  const ms = await timeToPicture(late, 'Camera');
  t.diagnostic(`first picture of a later joiner: ${ms} ms after connected`);
  assert.ok(ms < FIRST_PICTURE_MS, `it took ${ms} ms`);
  await waitForPicture(late, 'Camera', CAMERA.colour);
  await waitForPicture(page, 'Camera', CAMERA.colour);
  await end(camera, page, late);
});

test('what a camera gives, H.264 of high profile, is seen', async () => {
  const room = 'high-profile';
  const encoder = ENCODER.replace('! h264', '! video/x-h264,profile=high ! h264');
  const uri = roomUri(room);
  const camera = startElement({ uri, name: 'Camera', encoder, ...CAMERA });
  const page = await joinRoom(browser, server, 'Panel', { room });
  await waitForPicture(page, 'Camera', CAMERA.colour);
  await end(camera, page);
});

const isOnce = (seen, colour) =>
  seen.filter((one) => isNear(one, colour, 40)).length === 1;

for (const [first, second] of [
  [VP8_ENCODER, ENCODER],
  [ENCODER, VP8_ENCODER],
])
  test(`both of two pictures are seen, first that of ${first.split(' ')[0]}`, async () => {
    const room = first.split(' ')[0];
    const camera = startElement({
      uri: roomUri(room),
      name: 'Camera',
      encoder: first,
      second: { ...GARDEN, encoder: second },
      ...CAMERA,
    });
    const page = await joinRoom(browser, server, 'Panel', { room });
    await waitUntil('both pictures are shown', async () => {
      const seen = await coloursShown(page);
      return isOnce(seen, CAMERA.colour) && isOnce(seen, GARDEN.colour);
    });
    const codecs = await videoCodecsOf(page, 'Camera');
    assert.deepEqual(codecs, ['video/h264', 'video/vp8']);
    await waitForTone(page, 'Camera', CAMERA.hz);
    await end(camera, page);
  });

/* From the connection with this peer to its first picture, ms. */
async function timeToPicture(page, name) {
  const look = (wanted) => {
    const peers = [...window.peal.peers.values()];
    const stream = peers.find((peer) => peer.name === wanted)?.stream;
    const [track] = stream?.getVideoTracks() ?? [];
    const isOurs = (c) => c.getReceivers().some((r) => r.track === track);
    const call = track && window.pealCalls.find(isOurs);
    return call?.pictureAt ? { ms: call.pictureAt - call.connectedAt } : null;
  };
  const seen = await waitUntil(`a picture of ${name}`, () =>
    page.evaluate(look, name));
  return Math.round(seen.ms);
}

async function end(camera, ...pages) {
  for (const page of pages) {
    assert.deepEqual(page.faults, []);
    await page.close();
  }
  await camera.stop('SIGINT');
}

for (const [settings, video, audio] of [
  ['video-codecs=VP9', 'video/vp9', 'audio/opus'],
  ['video-codecs=H264 audio-codecs=PCMU', 'video/h264', 'audio/pcmu'],
])
  test(`with ${settings} the call is ${video} and ${audio}, both ways`, async () => {
    const room = video.replace('/', '-');
    const camera = startElement({
      uri: roomUri(room),
      name: 'Camera',
      settings,
      ...CAMERA,
    });
    const page = await joinRoom(browser, server, 'Panel', { room });
    await waitForPicture(page, 'Camera', CAMERA.colour);
    await waitForTone(page, 'Camera', CAMERA.hz);
    await camera.waitForPicture(PANEL.colour);
    await camera.waitForTone(PANEL.hz);
    assert.equal(await codecOf(page, 'Camera', 'video'), video);
    assert.equal(await codecOf(page, 'Camera', 'audio'), audio);
    await end(camera, page);
  });
