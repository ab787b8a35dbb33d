/*
 * A page of somebody else in a real Chromium, and a pealbin opposite: the
 * stories of these tests differ in where the two meet, and who comes first.
 */

import { after, before } from 'node:test';

import { skipAll, startBrowser } from '../../browser/lib/browser.mjs';
import { hasElement, startElement } from '../../browser/lib/element.mjs';
import { waitForPicture, waitForTone } from '../../browser/lib/look.mjs';
import { startServer } from '../../browser/lib/server.mjs';
import {
  needPython,
  needSocketIo,
  openForeign,
  servePages,
  startForeign,
} from './foreign.mjs';

export const PAGE = { colour: [40, 60, 200], hz: 880 };
export const DOOR = { colour: [200, 40, 40], hz: 660 };

class Stage {
  /** The browser, where the pages are, and the server that was asked for. */
  browser;
  url;
  server;
  #pages;

  async open({ server, flags }) {
    if (server) this.server = await startForeign(server);
    this.#pages = await servePages();
    this.url = this.#pages.url;
    this.browser = await startBrowser({ ...PAGE, flags });
  }

  async close() {
    await this.browser?.close();
    this.#pages?.close();
    await this.server?.stop();
  }

  /** Open a page, by its path below pages/, until the test ends. */
  async openPage(t, path) {
    const page = await openForeign(this.browser, `${this.url}/${path}`);
    t.after(() => page.context().close());
    return page;
  }

  /**
   * Page and pealbin come to a room in this order, and see and hear each other.
   *
   * @param {import('node:test').TestContext} t
   * @param {{first: 'page' | 'door', page: string, door: string,
   *   settings?: string, waits?: RegExp, says?: RegExp}} story the page's path
   *   and the pealbin's address; more properties of the pealbin; its line from
   *   which on it waits for the page; a line that it has said in the end
   * @returns {Promise<{page: import('playwright-core').Page, door: Element}>}
   */
  async meet(t, { first, page: path, door: uri, settings, waits, says }) {
    let page = first === 'page' ? await this.openPage(t, path) : null;
    const door = startDoor(t, uri, { settings });
    if (!page) {
      await door.program.waitForLine(waits ?? /signalling-state.*joined/);
      page = await this.openPage(t, path);
    }
    await expectCall(page, door);
    if (says) await door.program.waitForLine(says);
    return { page, door };
  }
}

/**
 * For a test file: a browser and the pages, from before the first test until
 * after the last. Skips the file where something is missing.
 *
 * @param {{server?: string, flags?: string[], python?: string[],
 *   socketIo?: boolean}} [needs] a server of servers/ for all tests; flags of
 *   Chromium; modules of Python; whether node must have socket.io
 * @returns {Stage}
 */
export function setUpForeign({ server, flags, python, socketIo } = {}) {
  if (!hasElement()) skipAll('pealbin is not built');
  if (python) needPython(...python);
  if (socketIo) needSocketIo();
  const stage = new Stage();
  before(() => stage.open({ server, flags }));
  after(() => stage.close());
  return stage;
}

/** A server of servers/ until the test ends. */
export async function serveTheirs(t, file, ...args) {
  const server = await startForeign(file, ...args);
  t.after(() => server.stop());
  return server;
}

/** A `peal serve` that lets pages of others in, until the test ends. */
export async function serveOurs(t, args = ['--any-origin']) {
  const server = await startServer({ args });
  t.after(() => server.stop());
  return server;
}

/** A pealbin at this address until the test ends. */
export function startDoor(t, uri, options = {}) {
  const door = startElement({ uri, name: 'Door', ...DOOR, ...options });
  t.after(() => door.stop('SIGINT'));
  return door;
}

/** Right picture and right tone, both ways. */
export async function expectCall(page, door) {
  await waitForPicture(page, 'remote', DOOR.colour);
  await waitForTone(page, 'remote', DOOR.hz);
  await door.waitForPicture(PAGE.colour);
  await door.waitForTone(PAGE.hz);
}
