/*
 * For tests that run in Chromium and, with PEAL_BROWSER=firefox, in Firefox.
 */

import { startBrowser } from './browser.mjs';
import { WALKING } from './known-media.mjs';

const IS_FIREFOX = process.env.PEAL_BROWSER === 'firefox';

/** startBrowser() or startFirefox(), which take the same options. */
export const startEither = IS_FIREFOX
  ? (await import('./firefox.mjs')).startFirefox
  : startBrowser;

/** What others see and hear of this person: Firefox chooses its own colour. */
export function knownPerson({ colour, hz }) {
  return { colour: IS_FIREFOX ? WALKING : colour, hz };
}
