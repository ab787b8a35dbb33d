/*
 * Offers that cross on a bare relay, where nobody arbitrates: a tutorial's page
 * calls while the offer of the pealbin is on its way, at each moment at which
 * the page can hear it. A gate holds that offer back until then:
 *
 *   relay.html <--ws--> servers/relay.py <--ws--> gate <--ws--> pealbin
 */

import { test } from 'node:test';

import { waitUntil } from '../browser/lib/wait.mjs';
import { openGate } from './lib/gate.mjs';
import { expectCall, setUpForeign, startDoor } from './lib/stage.mjs';

const stage = setUpForeign({
  server: 'relay.py', python: ['fastapi', 'uvicorn'],
});

/* The side with the smaller number in its `o=` yields (protocols.md 3). */
const ORIGINS = {
  smaller: '1',
  greater: '9223372036854775807',
};

/* A page that listens, a pealbin that has offered, a shut gate in between. */
async function setUp(t, origin) {
  const room = t.name.replaceAll(/\W/g, '-');
  const gate = await openGate(stage.server.port, { origin });
  t.after(() => gate.close());
  const address = encodeURIComponent(`ws://${stage.server.host}/ws/${room}`);
  const page = await stage.openPage(t, `relay.html?server=${address}`);
  gate.shut();
  const door = startDoor(t, `relay+ws://127.0.0.1:${gate.port}/ws/${room}`);
  await waitUntil('the pealbin offers', () => gate.count('offer') > 0);
  return { gate, page, door };
}

const press = (page) => page.evaluate(() => document.getElementById('call').click());

/* In the page: what calls waits in this method, the first time, until the next
 * message is there. */
function stopAt([method, isBefore]) {
  const { prototype } = RTCPeerConnection;
  const real = prototype[method];
  const message = () =>
    new Promise((resolve) => {
      socket.addEventListener('message', resolve, { once: true });
    });
  prototype[method] = async function stop(...args) {
    prototype[method] = real;
    if (isBefore) await message();
    const result = await real.apply(this, args);
    if (!isBefore) await message();
    return result;
  };
}

/* ---- when the page hears the offer of the pealbin ---- */

const moments = {
  'once it has offered itself': async ({ gate, page }) => {
    await press(page);
    await waitUntil('the pealbin hears it', () => gate.hasTold('offer'));
  },
  'late, so that the pealbin has done something about it': async ({ gate, page }) => {
    await press(page);
    await waitUntil('the pealbin has said more', () =>
      gate.count('answer') > 0 || gate.count('offer') > 1);
  },
};

for (const [method, isBefore] of [
  ['createOffer', true],
  ['createOffer', false],
  ['setLocalDescription', true],
  ['setLocalDescription', false],
])
  moments[`${isBefore ? 'before' : 'in'} its ${method}`] = async ({ page }) => {
    await page.evaluate(stopAt, [method, isBefore]);
    await press(page);
  };

/* A page that calls, and the offer of the pealbin. */
for (const [moment, wait] of Object.entries(moments))
  for (const [size, origin] of Object.entries(ORIGINS))
    test(`heard ${moment}, with the ${size} number`, async (t) => {
      const call = await setUp(t, origin);
      await wait(call);
      call.gate.open();
      await expectCall(call.page, call.door);
    });

test('a page that listens hears the offer twice', async (t) => {
  const { gate, page, door } = await setUp(t);
  await waitUntil('the pealbin offers again', () => gate.count('offer') > 1);
  gate.open();
  await expectCall(page, door);
});
