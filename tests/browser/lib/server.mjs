/*
 * A real `peal serve` on a free port of the loopback.
 */

import { join } from 'node:path';

import { Program } from './process.mjs';

/** A program of this build, by its path below the build folder. */
export function built(...path) {
  const root = process.env.PEAL_BUILD_ROOT;
  if (!root) throw new Error('PEAL_BUILD_ROOT is not set: run meson test');
  return join(root, ...path);
}

/**
 * @param {{host?: string, port?: number, args?: string[], env?: object}}
 *   [options] port 0 is a free one
 * @returns {Promise<{url: string, signalling: string, port: number,
 *   host: string, certificate: ?string, program: Program,
 *   stop: (signal?: string) => Promise<any>}>} url: without a room;
 *   signalling: of the room "lobby"; host: with the port, as in URLs;
 *   certificate: its file
 */
export async function startServer(options = {}) {
  const { host = '127.0.0.1', port = 0, args = [], env = {} } = options;
  const listen = ['serve', '--json', '--listen', `${host}:${port}`];
  const program = new Program(built('app', 'peal'), [...listen, ...args], { env });
  const [line] = await program.waitForLine(/^\{.*"event" ?: ?"serving".*/);
  const event = JSON.parse(line);
  return {
    url: new URL(event.url).origin,
    signalling: event.signalling,
    port: event.port,
    host: `${host}:${event.port}`,
    certificate: event.certificate,
    program,
    stop: (signal) => program.stop(signal),
  };
}
