/*
 * A PulseAudio of our own with one null sink. Firefox's sound stands still on
 * a machine without a sound card; Chromium has one of its own to fall back to.
 */

import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';

import { scratchFolder } from './known-media.mjs';
import { Program } from './process.mjs';
import { waitUntil } from './wait.mjs';

export function hasPulse() {
  return spawnSync('pulseaudio', ['--version']).status === 0;
}

/**
 * @returns {Promise<{address: string, stop: () => Promise<any>}>} address: for
 *   the environment's PULSE_SERVER
 */
export async function startPulse() {
  const folder = scratchFolder();
  const path = join(folder, 'socket');
  const options = [
    '-n --daemonize=no --exit-idle-time=-1 --disable-shm=yes',
    '--log-target=stderr -L module-null-sink -L',
  ].join(' ');
  const unix = `module-native-protocol-unix auth-anonymous=1 socket=${path}`;
  const program = new Program('pulseaudio', [...options.split(' '), unix], {
    env: { HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  await waitUntil('PulseAudio answers', () => answers(path));
  return { address: `unix:${path}`, stop: () => program.stop() };
}

function answers(path) {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
