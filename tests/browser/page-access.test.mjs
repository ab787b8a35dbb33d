/*
 * The page for those who use it without a mouse or without eyes: what axe-core
 * has to say of each view, wide and narrow, and a whole visit by keyboard.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { brokenRules } from './lib/axe.mjs';
import { isJoined, joinRoom, openPage } from './lib/browser.mjs';
import { startEither } from './lib/either.mjs';
import { waitForState } from './lib/look.mjs';
import { chatOf, isShownMuted, say } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startEither();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const size of SIZES)
  test(`no view breaks a rule of axe-core, ${size.width} pixels wide`, async () => {
    const room = `of-${size.width}`;
    const page = await openPage(browser, `${server.url}/${room}`, size);
    assert.deepEqual(await brokenRules(page), [], 'the lobby');
    await page.fill('#name', 'Ann');
    await page.click('#enter');
    await waitUntil('Ann is in', () => isJoined(page));
    assert.deepEqual(await brokenRules(page), [], 'alone in the room');

    const other = await joinRoom(browser, server, 'Bob', { room });
    await waitForState(page, 'Bob', 'connected');
    await other.click('#mic');
    await waitUntil('the badge is there', () => isShownMuted(page, 'Bob'));
    await page.click('#mic');
    assert.deepEqual(await brokenRules(page), [], 'a call');
    await say(other, 'good morning');
    await waitUntil('it is read', async () => (await chatOf(page)).length === 1);
    await say(page, 'and a good evening');
    assert.deepEqual(await brokenRules(page), [], 'the chat');
    /* Firefox's colour scheme cannot be changed from outside. */
    await page.emulateMedia?.({ colorScheme: 'dark' });
    assert.deepEqual(await brokenRules(page), [], 'in the dark');
    await other.close();
    await page.close();
  });

const focused = (page) => page.evaluate(() => document.activeElement.id);

/* Never over the end of the page: from the browser's own buttons Firefox comes
 * back without the focus when nobody sits before it. */
async function tabTo(page, id, { isBack = false } = {}) {
  const passed = [];
  if (isBack) await page.keyboard.down('Shift');
  while (passed.at(-1) !== id && passed.length < 8) {
    await page.keyboard.press('Tab');
    passed.push(await focused(page));
  }
  if (isBack) await page.keyboard.up('Shift');
  assert.equal(passed.at(-1), id, `passed: ${passed}`);
  assert.ok(passed.every(Boolean), `only what has a use: ${passed}`);
}

test('a whole visit by keyboard: in, mute, write, leave, and in again', async () => {
  const page = await openPage(browser, `${server.url}/keys`);
  await waitUntil('the name has the focus', async () =>
    (await focused(page)) === 'name');
  await page.keyboard.type('Ann');
  await page.keyboard.press('Enter');
  await waitUntil('Ann is in', () => isJoined(page));
  const isMuted = () => page.evaluate(() => window.peal.muted.audio);
  await waitUntil('Ann has a microphone', async () => !(await isMuted()));
  await tabTo(page, 'mic', { isBack: true });
  await page.keyboard.press('Space');
  await waitUntil('muted', isMuted);
  await tabTo(page, 'chat-toggle');
  await page.keyboard.press('Space');
  await waitUntil('the chat has the focus', async () =>
    (await focused(page)) === 'chat-text');
  await page.keyboard.press('Escape');
  await tabTo(page, 'leave');
  await page.keyboard.press('Enter');
  await waitUntil('Ann is out', async () => !(await isJoined(page)));
  assert.equal(await focused(page), 'enter');
  await page.keyboard.press('Enter');
  await waitUntil('Ann is in again', () => isJoined(page));
  await tabTo(page, 'alone-share', { isBack: true });
  assert.deepEqual(page.faults, []);
  await page.close();
});
