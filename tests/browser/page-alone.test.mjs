/*
 * The page by itself: what it says when things are refused, how it works by
 * keyboard, how it fits a small screen.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import {
  isJoined,
  joinRoom,
  openPage,
  quietly,
  startBrowser,
} from './lib/browser.mjs';
import { scratchFolder } from './lib/known-media.mjs';
import { framesSeen, peerSession, waitForPicture, waitForState } from './lib/look.mjs';
import { overflow } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const GREEN = [40, 160, 60];
const PHONE = { width: 360, height: 640 };

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser({ colour: GREEN });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const focused = (page) =>
  page.evaluate(() => document.activeElement.id);

test('the lobby takes a name by keyboard and remembers it', async () => {
  const page = await openPage(browser, `${server.url}/attic`);
  await waitUntil('the name has the focus', async () =>
    (await focused(page)) === 'name');
  await page.keyboard.type('Mia v. Moss');
  await page.keyboard.press('Enter');
  await waitUntil('Mia is in', () => isJoined(page));
  assert.match(await page.title(), /attic/);
  assert.match(await page.textContent('#alone-link'), /\/attic$/);
  await page.reload();
  assert.equal(await page.inputValue('#name'), 'Mia v. Moss');
  await page.context().close();
});

test('keys and buttons mute, and say so', async () => {
  const page = await joinRoom(browser, server, 'Ann');
  const muted = () => page.evaluate(() => window.peal.muted);
  assert.deepEqual(await muted(), { audio: false, video: false });
  await page.keyboard.press('m');
  await page.keyboard.press('v');
  await waitUntil('both are off', async () => {
    const { audio, video } = await muted();
    return audio && video;
  });
  assert.equal(await page.getAttribute('#mic', 'aria-pressed'), 'true');
  assert.equal(await page.textContent('#mic span'), 'Unmute');
  await waitUntil('it is spoken', async () =>
    /off/.test(await page.textContent('#spoken')));
  await page.focus('#mic');
  await page.keyboard.press('Space');
  await waitUntil('the microphone is on', async () => !(await muted()).audio);
  await page.context().close();
});

test('every button can be reached by Tab and has a name', async () => {
  const page = await joinRoom(browser, server, 'Ann');
  const reached = new Set();
  for (let i = 0; i < 12; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(await focused(page));
  }
  for (const id of ['share', 'alone-share', 'mic', 'video', 'chat-toggle', 'leave'])
    assert.ok(reached.has(id), `Tab reaches ${id}`);
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('button, input')].filter((element) =>
      !element.textContent.trim() && !element.ariaLabel && !element.labels?.length)
      .map((element) => element.outerHTML));
  assert.deepEqual(nameless, []);
  await page.context().close();
});

test('letters typed into the chat are not shortcuts, Escape closes it', async () => {
  const page = await joinRoom(browser, server, 'Ann');
  await page.keyboard.press('c');
  await waitUntil('the field has the focus', async () =>
    (await focused(page)) === 'chat-text');
  await page.keyboard.type('mvcm');
  assert.equal(await page.inputValue('#chat-text'), 'mvcm');
  assert.deepEqual(await page.evaluate(() => window.peal.muted), {
    audio: false,
    video: false,
  });
  await page.keyboard.press('Escape');
  assert.ok(await page.isHidden('#chat'));
  assert.equal(await focused(page), 'chat-toggle');
  await page.context().close();
});

test('nothing overflows a 360-pixel screen, in no view', async () => {
  const page = await openPage(browser, `${server.url}/a-room.with_a-rather-long.name-indeed`, PHONE);
  assert.deepEqual(await overflow(page), [0]);
  await page.fill('#name', 'Somebody with a long name');
  await page.click('#enter');
  await waitUntil('in', () => isJoined(page));
  assert.deepEqual(await overflow(page), [0]);
  await page.click('#chat-toggle');
  await page.fill('#chat-text', 'w'.repeat(200));
  await page.keyboard.press('Enter');
  assert.deepEqual(await overflow(page), [0]);
  await page.context().close();
});

test('permission refused: receive only, and the page says so', async () => {
  const shy = await startBrowser({ grants: false });
  try {
    const watcher = await joinRoom(shy, server, 'Watcher', { room: 'porch' });
    assert.match(await watcher.textContent('#notice'), /^\s*Receive only/);
    assert.ok(await watcher.isVisible('#notice'));
    const sender = await joinRoom(browser, server, 'Sender', { room: 'porch' });
    await waitForState(watcher, 'Sender', 'connected');
    await waitForPicture(watcher, 'Sender', GREEN);
    await sender.locator('#grid').getByLabel('microphone is muted').waitFor();
    await sender.context().close();
  } finally {
    await shy.close();
  }
});

test('sound that must wait for a tap has a button for it', async () => {
  const strict = await startBrowser({ grants: false, needsTap: true });
  try {
    const page = await openPage(strict, `${server.url}/cellar?name=Quiet`);
    const ask = await quietly(page);
    await waitUntil('in', () => ask("window.peal?.state === 'joined'"));
    const sender = await joinRoom(browser, server, 'Sender', { room: 'cellar' });
    await waitUntil('the button is there', () =>
      ask("!document.getElementById('unblock').hidden"));
    await page.click('#unblock');
    await waitUntil('the tile plays', () =>
      page.evaluate(() => !document.querySelector('#grid video').paused));
    assert.ok(await page.isHidden('#unblock'));
    await sender.context().close();
  } finally {
    await strict.close();
  }
});

/* What arrives is not looked at: Chromium's second fake camera has a clock of
 * its own, and its encoder drops frames that seem to come from the past. */
test('the next camera is taken without a new session', async () => {
  const two = await startBrowser({ cameras: 2 });
  const camera = (page) =>
    page.evaluate(() =>
      window.peal.stream.getVideoTracks()[0]?.getSettings().deviceId);
  try {
    const page = await joinRoom(two, server, 'Two', { room: 'shed' });
    const other = await joinRoom(browser, server, 'Other', { room: 'shed' });
    await waitUntil('a picture of Two', () => framesSeen(other, 'Two'));
    const session = await peerSession(other, 'Two');
    const first = await camera(page);
    await page.click('#switch');
    await waitUntil('another camera is on', async () => {
      const present = await camera(page);
      return present && present !== first;
    });
    assert.equal(await peerSession(other, 'Two'), session);
    await other.context().close();
  } finally {
    await two.close();
  }
});

test('a page from another host over plain http explains itself', async () => {
  const mapped = await startBrowser({
    flags: ['--host-resolver-rules=MAP door.example 127.0.0.1'],
  });
  try {
    const url = `http://door.example:${server.port}/lobby?name=Far`;
    const page = await openPage(mapped, url);
    await waitUntil('in', () => isJoined(page));
    assert.match(await page.textContent('#notice'), /HTTPS only/);
  } finally {
    await mapped.close();
  }
});

test('a room with a token asks for it, and takes the right one', async () => {
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, 'open-sesame\n');
  const guarded = await startServer({ args: ['--token-file', file] });
  try {
    const page = await openPage(browser, `${guarded.url}/lobby?name=Ann`);
    await page.locator('#token').waitFor();
    assert.match(await page.textContent('#lobby-title'), /needs a token/);
    await page.fill('#token', 'guess');
    await page.keyboard.press('Enter');
    await waitUntil('the wrong one is refused', async () =>
      /not right/.test(await page.textContent('#lobby-title')));
    await page.fill('#token', 'open-sesame');
    await page.keyboard.press('Enter');
    await waitUntil('in', () => isJoined(page));
    await page.context().close();
  } finally {
    await guarded.stop();
  }
});

test('a full room is said to be full', async () => {
  const small = await startServer({ args: ['--max-members', '1'] });
  try {
    const first = await joinRoom(browser, small, 'First');
    const second = await openPage(browser, `${small.url}/lobby?name=Second`);
    await waitUntil('it is said', async () =>
      /full/.test(await second.textContent('#lobby-title')));
    await first.click('#leave');
    await second.click('#enter');
    await waitUntil('in', () => isJoined(second));
  } finally {
    await small.stop();
  }
});
