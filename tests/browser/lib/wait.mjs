/*
 * Waiting for conditions under a watchdog. Tests never sleep: they ask again
 * until the thing is so, and fail with its name when it never is.
 */

import { setInterval as every } from 'node:timers/promises';

const POLL_MS = 50;
export const WAIT_MS = 20000; // chosen: far above what any test waits for

/**
 * Wait until `condition` gives something true, and return that.
 *
 * @param {string} what is waited for, for the failure
 * @param {() => any} condition may be async
 * @param {number} [limitMs]
 */
export async function waitUntil(what, condition, limitMs = WAIT_MS) {
  const until = Date.now() + limitMs;
  let last = await condition();
  if (last) return last;
  for await (const _ of every(POLL_MS)) {
    last = await condition();
    if (last) return last;
    if (Date.now() > until) break;
  }
  throw new Error(`waited ${limitMs} ms in vain: ${what}`);
}

/**
 * Check for a while that `condition` never stops being true.
 *
 * @param {string} what should hold
 * @param {() => any} condition
 * @param {number} forMs
 */
export async function holds(what, condition, forMs) {
  const until = Date.now() + forMs;
  for await (const _ of every(POLL_MS)) {
    if (!(await condition())) throw new Error(`stopped to hold: ${what}`);
    if (Date.now() > until) break;
  }
}
