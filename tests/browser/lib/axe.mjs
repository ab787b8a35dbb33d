/*
 * What the page owes to people who do not see it, or not well, as far as a
 * program can tell: the rules of axe-core, run inside the page.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { skipAll } from './browser.mjs';

const source = readSource();

function readSource() {
  try {
    const file = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return skipAll('run "npm ci" in tests/browser, or ./dev check');
  }
}

/* A button that just changed has the colours of neither state. */
function coloursHaveSettled() {
  const changes = document.getAnimations()
    .filter((animation) => animation instanceof CSSTransition);
  return Promise.allSettled(changes.map(({ finished }) => finished));
}

/**
 * @returns {Promise<string[]>} the rules that what is on the screen now
 *   breaks, each with the elements that do
 */
export async function brokenRules(page) {
  await page.evaluate(source);
  await page.evaluate(coloursHaveSettled);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.map(({ id, nodes }) => {
      const where = nodes.map(({ target, any }) =>
        [target.join(' '), ...any.map(({ message }) => message)].join(': '));
      return `${id}: ${where.join('; ')}`;
    });
  });
}
