/*
 * Messages over data channels, between a page in a browser and an element
 * that says everything back (echo.c):
 *
 *   Panel: the Peal page, or a page of somebody else <---> Echo: pealbin
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, openPage, skipAll } from './lib/browser.mjs';
import { startEither } from './lib/either.mjs';
import { hasElement } from './lib/element.mjs';
import { chatOf } from './lib/person.mjs';
import { Program } from './lib/process.mjs';
import { built, startServer } from './lib/server.mjs';
import { stranger } from './lib/stranger.mjs';
import { waitUntil } from './lib/wait.mjs';

const COUNT = 1000;
const LIMIT = 64 * 1024;
const FLOOD = 100000; // messages; the element keeps 16,384

if (!hasElement()) skipAll('pealbin is not built');

let server;
let browser;
let echo;
let page;

before(async () => {
  server = await startServer();
  echo = new Program(built('tests', 'browser', 'browser-echo'), [server.signalling]);
  browser = await startEither();
});

after(async () => {
  await browser?.close();
  await echo?.stop();
  await server?.stop();
});

/** Type and send, without the time that a person takes. */
function sayAll(texts) {
  return page.evaluate((all) => {
    const field = document.getElementById('chat-text');
    for (const text of all) {
      field.value = text;
      field.form.requestSubmit();
    }
    return field.value === '';
  }, texts);
}

const channelState = () =>
  page.evaluate(() => [...window.peal.peers.values()][0]?.channel);

const answers = async () =>
  (await chatOf(page)).filter(([name]) => name === 'Echo').map(([, text]) => text);

const forget = () => page.evaluate(() => void window.peal.chat.splice(0));

test('the page and the element open a channel', async () => {
  page = await joinRoom(browser, server, 'Panel');
  await waitUntil('the channel is open', async () =>
    (await channelState()) === 'open');
});

test('a thousand messages each way arrive in order', async () => {
  const texts = Array.from({ length: COUNT }, (_, i) => `number ${i}`);
  const from = echo.lines.length;
  await sayAll(texts);
  await waitUntil('all are back', async () => (await answers()).length === COUNT);
  const heard = echo.lines.slice(from).filter((line) => / number /.test(line));
  assert.deepEqual(await answers(), texts);
  assert.deepEqual(heard, texts.map((text) => `peal ${text.length} ${text}`));
  await forget();
});

test('64 KiB pass both ways, and a byte more is refused', async () => {
  const large = 'x'.repeat(LIMIT);
  assert.equal(await sayAll([large]), true);
  await echo.waitForLine(new RegExp(`^peal ${LIMIT} xxx`));
  await waitUntil('it is back', async () => (await answers()).length === 1);
  assert.equal((await answers())[0], large);
  assert.equal(await sayAll([`${large}x`]), false);
  assert.equal(await sayAll(['after it']), true);
  await waitUntil('that is back', async () => (await answers()).length === 2);
  await forget();
});

test('what looks like JSON is still what was typed', async () => {
  const typed = ['{"door":"open"}', '[1]', '{ no JSON', '"quoted"', 'the end'];
  const from = echo.lines.length;
  await sayAll(typed);
  await echo.waitForLine(/^peal 7 the end/, { from });
  const heard = typed.map((text) => `peal ${text.length} ${text}`);
  assert.deepEqual(echo.lines.slice(from), heard);
  await waitUntil('the last is back', async () =>
    (await answers()).at(-1) === 'the end');
  await forget();
});

test('with the channel closed, the room carries the messages', async () => {
  await page.evaluate(() => {
    for (const call of window.pealCalls) call.closeChannels();
  });
  await waitUntil('the channel is closed', async () =>
    (await channelState()) === 'closed');
  await waitUntil('the element says so, too', async () => {
    await forget();
    await sayAll(['through the room']);
    await waitUntil('it is back', async () => (await answers()).length === 1);
    return echo.lines.at(-1) === 'room 16 through the room';
  });
  await page.close();
});

/** Somebody else's page in the room, once its own channel is open. */
async function joinStranger() {
  const other = await openPage(browser, `${server.url}/healthz`);
  await other.evaluate(stranger, `${server.url.replace('http', 'ws')}/ws/lobby`);
  await other.evaluate(() => window.stranger.join());
  await waitForChannel(other);
  return other;
}

const waitForChannel = (other) =>
  waitUntil('their channel is open', () =>
    other.evaluate(() => window.stranger.state('chat') === 'open'));

const waitToHear = (other, what) =>
  waitUntil(`they hear ${what}`, () =>
    other.evaluate((text) => window.stranger.heard.includes(text), what));

test("a stranger's own channel is heard with its label", async () => {
  const other = await joinStranger();
  await other.evaluate(() => window.stranger.say('chat', 'good morning'));
  await echo.waitForLine(/^chat 12 good morning/);
  await waitToHear(other, 'peal:good morning');
  await other.evaluate(() => window.stranger.sayBytes('chat', [1, 2, 3]));
  await echo.waitForLine(/^chat \d+ \{"kind":"binary","base64":"AQID"\}/);
  await other.close();
});

test('a stranger that offers nothing but its channel is answered over it', async () => {
  const other = await joinStranger();
  await other.evaluate(() => window.stranger.offer());
  await waitForChannel(other);
  await other.evaluate(() => window.stranger.say('chat', 'only data'));
  await echo.waitForLine(/^chat 9 only data/);
  await waitToHear(other, 'chat:only data');
  await other.close();
});

test('a flood ends the channel, in the middle of nothing, and not the call', async () => {
  const other = await joinStranger();
  const from = echo.lines.length;
  await other.evaluate((count) => window.stranger.flood('chat', count), FLOOD);
  await waitUntil('their channel is closed', () =>
    other.evaluate(() => window.stranger.state('chat') === 'closed'));
  const drops = echo.lines.slice(from).filter((line) => / drop /.test(line));
  assert.ok(drops.length < FLOOD);
  drops.forEach((line, i) => assert.ok(line.endsWith(` drop ${i}`)));
  assert.equal(echo.lines.slice(from).includes('peer is failed'), false);
  await other.close();
});

test('nothing went wrong on the page', () => {
  assert.deepEqual(page.faults, []);
});
