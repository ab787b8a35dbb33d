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
 * @param {{port?: number, args?: string[]}} [options] port 0 is a free one
 * @returns {Promise<{url: string, port: number, program: Program,
 *   stop: (signal?: string) => Promise<any>}>}
 */
export async function startServer({ port = 0, args = [] } = {}) {
  const listen = ['serve', '--json', '--listen', `127.0.0.1:${port}`];
  const program = new Program(built('app', 'peal'), [...listen, ...args]);
  const [line] = await program.waitForLine(/^\{.*"event" ?: ?"serving".*/);
  const event = JSON.parse(line);
  const scheme = new URL(event.urls[0]).protocol;
  return {
    url: `${scheme}//127.0.0.1:${event.port}`,
    port: event.port,
    program,
    stop: (signal) => program.stop(signal),
  };
}
