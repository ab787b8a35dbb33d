/*
 * Two pages that go through a TURN server only, as ?relay makes them, and
 * what they are told when it does not let them in. coturn runs beside them.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll, startBrowser } from './lib/browser.mjs';
import { waitForPicture, waitForState } from './lib/look.mjs';
import { tileOf } from './lib/person.mjs';
import { Program } from './lib/process.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const TURN = '/usr/bin/turnserver';
const HOST = '127.0.0.1';
const RED = { colour: [200, 40, 40], hz: 440 };
const BLUE = { colour: [40, 60, 200], hz: 880 };

const folder = mkdtempSync(join(tmpdir(), 'peal-turn-'));
let port;
let turn;
let red;
let blue;

if (!existsSync(TURN)) skipAll(`${TURN} is not installed`);

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, HOST, () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });
}

async function startTurn() {
  port = await freePort();
  turn = new Program(TURN, [
    '-n', '--no-cli', '--no-tls', '--no-dtls', '--allow-loopback-peers',
    '--lt-cred-mech', '--user=bob:secret', '--realm=peal.test',
    `--listening-ip=${HOST}`, `--relay-ip=${HOST}`, `--listening-port=${port}`,
    '--log-file=stdout', '--simple-log',
    `--userdb=${join(folder, 'db')}`, `--pidfile=${join(folder, 'pid')}`,
  ]);
  await turn.waitForLine(/Total General servers|turn server id=/);
}

async function call(t, password, transport) {
  const url = `turn:bob:${password}@${HOST}:${port}?transport=${transport}`;
  const server = await startServer({ args: ['--turn', url] });
  const options = { query: '&relay' };
  const first = await joinRoom(red, server, 'Red', options);
  const second = await joinRoom(blue, server, 'Blue', options);
  t.after(async () => {
    await first.context().close();
    await second.context().close();
    await server.stop();
  });
  return [first, second];
}

const wayTo = (page) =>
  page.evaluate(() => [...window.peal.peers.values()][0]?.way);

before(async () => {
  await startTurn();
  red = await startBrowser(RED);
  blue = await startBrowser(BLUE);
});

after(async () => {
  await red?.close();
  await blue?.close();
  await turn?.stop();
  rmSync(folder, { recursive: true });
});

for (const transport of ['udp', 'tcp'])
  test(`pages meet through a TURN server over ${transport}`, async (t) => {
    const [first, second] = await call(t, 'secret', transport);
    await waitForState(first, 'Blue', 'connected');
    await waitForPicture(first, 'Blue', BLUE.colour);
    await waitForPicture(second, 'Red', RED.colour);
    await waitUntil('the way is known', () => wayTo(first));
    assert.equal((await wayTo(first)).local, 'relay');
    await tileOf(first, 'Blue').getByText('relayed').waitFor();
  });

test('a wrong password is told on the tile', async (t) => {
  const [first] = await call(t, 'wrong', 'udp');
  const tile = tileOf(first, 'Blue');
  await tile.getByText(/TURN server .* wrong credentials/).waitFor();
});
