/*
 * Programs that tests start: their lines are collected, and every one is
 * ended by its own pid, at the latest when this process ends.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { WAIT_MS, waitUntil } from './wait.mjs';

const running = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.exit(1));

export class Program {
  #child;

  /** What it has printed, stdout and stderr, line by line. */
  lines = [];
  /** Exit status, or null while it runs; a signal's name if one ended it. */
  status = null;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{env?: object, hasInput?: boolean}} [options] what is added to
   *   our own environment; whether write() is used
   */
  constructor(command, args, { env = {}, hasInput = false } = {}) {
    this.name = [command.split('/').pop(), ...args.slice(0, 2)].join(' ');
    this.#child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    this.#child.on('error', (error) => this.#onEnd(error.message));
    this.#child.on('exit', (code, signal) => this.#onEnd(signal ?? code));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      createInterface({ input: stream }).on('line', (l) => this.lines.push(l));
  }

  #onEnd(status) {
    this.status ??= status;
    running.delete(this.#child);
  }

  /** Type something. */
  write(text) {
    this.#child.stdin.write(text);
  }

  /** Wait for its own end; returns the exit status. */
  async join() {
    await waitUntil(`${this.name} ends`, () => this.status !== null);
    return this.status;
  }

  /**
   * Wait for a line that matches.
   *
   * @param {RegExp} pattern
   * @param {{limitMs?: number, from?: number}} [options] from: the first line
   *   that counts, by its index in `lines`
   * @returns {Promise<RegExpExecArray>}
   */
  async waitForLine(pattern, { limitMs = WAIT_MS, from = 0 } = {}) {
    const find = () => {
      for (const line of this.lines.slice(from)) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      if (this.status !== null) throw new Error(this.#story('has ended'));
      return null;
    };
    try {
      return await waitUntil(`${pattern} from ${this.name}`, find, limitMs);
    } catch (error) {
      throw new Error(`${error.message}\n${this.#story('said')}`);
    }
  }

  /** End it and wait until it has; returns the exit status. */
  async stop(signal = 'SIGTERM') {
    if (this.status === null) this.#child.kill(signal);
    await waitUntil(`${this.name} ends on ${signal}`, () => this.status !== null);
    return this.status;
  }

  #story(what) {
    const tail = this.lines.slice(-20).join('\n  ');
    return `${this.name} ${what} (status ${this.status}):\n  ${tail}`;
  }
}
