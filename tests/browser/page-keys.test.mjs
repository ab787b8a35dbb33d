/*
 * Somebody at the keys of `peal call`, on a terminal that script(1) makes, and
 * somebody at the page:
 *
 *   Door: peal call (test picture, 440 Hz) <---> Panel: Chromium
 *        m, v, t and a text  ----------------->  badge, tile, chat
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, startBrowser } from './lib/browser.mjs';
import { waitForPicture, waitForTone } from './lib/look.mjs';
import { chatOf, say, tileCount, tileOf } from './lib/person.mjs';
import { Program } from './lib/process.mjs';
import { built, startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const TEST_COLOUR = [0x20, 0x50, 0x7a]; // of peal call --video test
const TEST_HZ = 440; // of peal call --audio test

let server;
let browser;
let page;
let door;

before(async () => {
  server = await startServer();
  door = startOnTerminal(server.signalling);
  browser = await startBrowser();
  page = await joinRoom(browser, server, 'Panel');
});

after(async () => {
  await browser?.close();
  await door?.stop();
  await server?.stop();
});

function startOnTerminal(uri) {
  const line =
    `'${built('app', 'peal')}' call ${uri} --name Door ` +
    '--video test --audio test --no-display --no-speaker';
  const args = ['--quiet', '--flush', '--return', '--command', line, '/dev/null'];
  return new Program('script', args, { hasInput: true });
}

test('the page sees and hears peal call', async () => {
  await waitForPicture(page, 'Door', TEST_COLOUR);
  await waitForTone(page, 'Door', TEST_HZ);
});

test('a text that is typed there is in the chat of the page', async () => {
  door.write('tcome in, wörld\r');
  await waitUntil('the page has the text', async () =>
    (await chatOf(page)).length === 1);
  assert.deepEqual(await chatOf(page), [['Door', 'come in, wörld']]);
});

test('a text that is typed in the page is on the terminal', async () => {
  await say(page, 'thank you');
  await door.waitForLine(/Panel says: thank you/);
});

test('mute is a badge on the tile, and silence', async () => {
  const badge = tileOf(page, 'Door').getByLabel('microphone is muted');
  assert.ok(await badge.isHidden());
  door.write('m');
  await badge.waitFor();
  await waitForTone(page, 'Door', 0);
  door.write('m');
  await badge.waitFor({ state: 'hidden' });
  await waitForTone(page, 'Door', TEST_HZ);
});

test('a stopped video leaves a letter in the tile', async () => {
  const hasPicture = async () =>
    /has-picture/.test(await tileOf(page, 'Door').getAttribute('class'));
  door.write('v');
  await waitUntil('no picture', async () => !(await hasPicture()));
  door.write('v');
  await waitUntil('a picture again', hasPicture);
  await waitForPicture(page, 'Door', TEST_COLOUR);
});

test('q ends it with status 0, and its tile is gone', async () => {
  door.write('q');
  assert.equal(await door.join(), 0);
  await waitUntil('the grid is empty', async () => (await tileCount(page)) === 0);
});

test('nothing went wrong on the page', () => {
  assert.deepEqual(page.faults, []);
});
