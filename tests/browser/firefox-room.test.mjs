/*
 * Firefox, Chromium and one gst-launch-1.0 line in one room, each connected
 * with each:
 *
 *   Fay: Firefox (walking, 880 Hz) <----> Carl: Chromium (green, 440 Hz)
 *             \                            /
 *              Door: pealbin (red, 660 Hz)
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { joinRoom, skipAll, startBrowser } from './lib/browser.mjs';
import { hasElement, startElement } from './lib/element.mjs';
import { startFirefox } from './lib/firefox.mjs';
import { WALKING } from './lib/known-media.mjs';
import { waitForPicture, waitForTone } from './lib/look.mjs';
import { chatOf, isShownMuted, overflow, say, tileBox, tileCount } from './lib/person.mjs';
import { startServer } from './lib/server.mjs';
import { waitUntil } from './lib/wait.mjs';

const DOOR = { colour: [200, 40, 40], hz: 660 };
const CARL = { colour: [40, 160, 60], hz: 440 };
const FAY = { colour: WALKING, hz: 880 };
const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

if (!hasElement()) skipAll('pealbin is not built');

let server;
let firefox;
let chromium;
let door;
let fay;
let carl;

before(async () => {
  server = await startServer();
  firefox = await startFirefox({ hz: FAY.hz });
  fay = await joinRoom(firefox, server, 'Fay');
  door = startElement({ uri: server.signalling, name: 'Door', ...DOOR });
  chromium = await startBrowser(CARL);
  carl = await joinRoom(chromium, server, 'Carl');
});

after(async () => {
  await firefox?.close();
  await chromium?.close();
  await door?.stop('SIGINT');
  await server?.stop();
});

test('Firefox sees and hears Chromium and the element', async () => {
  await waitForPicture(fay, 'Carl', CARL.colour);
  await waitForPicture(fay, 'Door', DOOR.colour);
  await waitForTone(fay, 'Carl', CARL.hz);
  await waitForTone(fay, 'Door', DOOR.hz);
  assert.equal(await tileCount(fay), 2);
});

test('Chromium sees and hears Firefox and the element', async () => {
  await waitForPicture(carl, 'Fay', FAY.colour);
  await waitForPicture(carl, 'Door', DOOR.colour);
  await waitForTone(carl, 'Fay', FAY.hz);
  await waitForTone(carl, 'Door', DOOR.hz);
  assert.equal(await tileCount(carl), 2);
});

test('the element mixes the pictures and tones of both browsers', async () => {
  await door.waitForPictures([FAY.colour, CARL.colour]);
  await door.waitForTones([FAY.hz, CARL.hz]);
});

test('text goes both ways between the browsers, and to the bus', async () => {
  await say(fay, 'hello-from-firefox');
  await door.program.waitForLine(/\(element\): message.*hello-from-firefox/);
  await waitUntil('Carl reads it', async () => (await chatOf(carl)).length === 1);
  await say(carl, 'hello-from-chromium');
  await waitUntil('Fay reads it', async () => (await chatOf(fay)).length === 2);
  const said = [['Fay', 'hello-from-firefox'], ['Carl', 'hello-from-chromium']];
  assert.deepEqual(await chatOf(fay), said);
  assert.deepEqual(await chatOf(carl), said);
  await fay.click('#chat-close');
});

test('each sees that the other is muted', async () => {
  for (const [one, name, other] of [[fay, 'Fay', carl], [carl, 'Carl', fay]]) {
    await one.click('#mic');
    await waitUntil(`${name} has a badge`, () => isShownMuted(other, name));
    await one.click('#mic');
    await waitUntil('it is gone', async () => !(await isShownMuted(other, name)));
  }
});

/* With PEAL_SCREENSHOTS=FOLDER they are kept, to be looked at. */
async function keepScreenshot(page, name) {
  const folder = process.env.PEAL_SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

for (const size of SIZES)
  test(`in Firefox all is whole on a screen of ${size.width} pixels`, async () => {
    await fay.setViewportSize(size);
    const fits = async (name) => {
      const box = await tileBox(fay, name);
      const isInside = box.x >= 0 && box.x + box.width <= size.width;
      return isInside && box.width > 150 && box.height > 100;
    };
    await waitUntil('both tiles fit', async () =>
      (await fits('Carl')) && (await fits('Door')));
    assert.deepEqual(await overflow(fay), [0]);
    await keepScreenshot(fay, `firefox-room-${size.width}`);
    await fay.click('#chat-toggle');
    assert.deepEqual(await overflow(fay), [0]);
    await keepScreenshot(fay, `firefox-chat-${size.width}`);
    await fay.click('#chat-close');
  });

test('nothing went wrong on either page', () => {
  assert.deepEqual([...fay.faults, ...carl.faults], []);
});
