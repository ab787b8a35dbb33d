/*
 * A server for phones: on every address, with a certificate of its own making.
 *
 *   peal call --tls-ca-file … ---- wss --- peal serve --tls auto
 *        \_______ the call ______________ Chromium, told to accept: https, wss
 */

import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';

import { joinRoom, startBrowser } from './lib/browser.mjs';
import { scratchFolder } from './lib/known-media.mjs';
import { framesSent, waitForPicture, waitForTone } from './lib/look.mjs';
import { Program } from './lib/process.mjs';
import { built, startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const TEST_COLOUR = [0x20, 0x50, 0x7a]; // of peal call --video test
const TEST_HZ = 440; // of peal call --audio test
const QUIET = ['--no-display', '--no-speaker', '--json'];

let server;
let uri;
let browser;
let page;

before(async () => {
  server = await startServer({
    host: '0.0.0.0',
    args: ['--tls', 'auto'],
    env: { XDG_STATE_HOME: scratchFolder() },
  });
  uri = `${server.url.replace('https:', 'wss:')}/lobby`;
  browser = await startBrowser({ flags: ['--ignore-certificate-errors'] });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

function ownAddresses() {
  const all = Object.values(networkInterfaces()).flat();
  const others = all.filter((one) => !one.internal && one.family === 'IPv4');
  return others.map((one) => one.address);
}

test('the URL is https and names an address that others can open', (t) => {
  const { protocol, hostname } = new URL(server.url);
  const own = ownAddresses();
  assert.equal(protocol, 'https:');
  t.diagnostic(`it is ${server.url}`);
  if (own.length > 0) assert.ok(own.includes(hostname), `${own}: ${hostname}`);
  else assert.equal(hostname, '127.0.0.1');
});

test('peal call refuses the unknown certificate with one clear line', async () => {
  const media = ['--video', 'none', '--audio', 'none'];
  const caller = new Program(built('app', 'peal'), ['call', uri, ...media]);
  assert.equal(await caller.join(), 1);
  const lines = caller.lines.filter((line) => /certificate/.test(line));
  assert.equal(lines.length, 1, caller.lines.join('\n'));
  assert.match(lines[0], /^peal call: .*tls-ca-file/);
});

test('the page, over https and wss, and peal call meet', async () => {
  const media = ['--video', 'test', '--audio', 'test', '--name', 'Door'];
  const trust = ['--tls-ca-file', server.certificate];
  const caller = new Program(built('app', 'peal'), [
    'call', uri, ...media, ...trust, ...QUIET,
  ]);
  page = await joinRoom(browser, server, 'Panel');
  assert.equal(await page.evaluate(() => window.isSecureContext), true);
  await waitForPicture(page, 'Door', TEST_COLOUR);
  await waitForTone(page, 'Door', TEST_HZ);
  await caller.waitForLine(/"track-added".*"kind" ?: ?"video"/);
  const from = await framesSent(page);
  await waitUntil('it sends 30 frames', async () =>
    (await framesSent(page)) > from + 30);
  assert.equal(await caller.stop('SIGINT'), 0);
  assertReceived(JSON.parse(caller.lines.at(-1)), 'Panel');
});

function assertReceived(summary, name) {
  assert.equal(summary.event, 'summary');
  const peer = summary.peers.find((one) => one.name === name);
  assert.ok(peer.video_frames > 10, JSON.stringify(peer));
  assert.ok(peer.audio_ms > 300, JSON.stringify(peer));
}

test('nothing went wrong on the page', () => {
  assert.deepEqual(page.faults, []);
});
