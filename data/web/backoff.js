/*
 * Full-jitter exponential backoff, 0.5 s to 15 s (protocols.md section 1): the
 * n-th wait is drawn evenly from the floor up to min(15 s, 0.5 s * 2^n), so
 * that many clients which lost one server do not return in step. Pure but for
 * the random source, which tests give.
 */

const FLOOR_MS = 500;
const CEILING_MS = 15000;

export class Backoff {
  #attempt = 0;
  #random;

  /** @param {() => number} random a number from 0 up to 1 */
  constructor(random = Math.random) {
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next() {
    this.#attempt += 1;
    const top = Math.min(CEILING_MS, FLOOR_MS * 2 ** this.#attempt);
    return Math.round(FLOOR_MS + this.#random() * (top - FLOOR_MS));
  }

  /** Start over: the thing that was tried has worked. */
  reset() {
    this.#attempt = 0;
  }
}
