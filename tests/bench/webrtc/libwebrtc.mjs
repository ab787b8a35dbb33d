// The reference of ./dev bench setup: libwebrtc in two Node processes, which
// this one passes descriptions and candidates between. For each line on
// standard input it makes one call and prints {"connected_us","picture_us"}:
// from the wish to offer until both are connected, and until the answerer has
// decoded a picture.
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';

const PROGRAM = new URL('libwebrtc-member.mjs', import.meta.url).pathname;
const [alice, bob] = [fork(PROGRAM), fork(PROGRAM)];
const CALL_MS = 20_000;

function end(status) {
  alice.kill();
  bob.kill();
  process.exit(status);
}
// libwebrtc in Node crashes now and then: who asks for calls must not wait.
for (const side of [alice, bob]) side.on('exit', () => end(1));

/** The first message of a side that has this event. */
function hear(side, event) {
  return new Promise((resolve) => {
    const listen = (message) => {
      if (message.event !== event) return;
      side.off('message', listen);
      resolve(message.us);
    };
    side.on('message', listen);
  });
}

async function call() {
  for (const side of [alice, bob]) {
    side.send({ order: 'open' });
    await hear(side, 'open');
  }
  const start = hear(alice, 'start');
  const connected = Promise.all([alice, bob].map((s) => hear(s, 'connected')));
  const picture = hear(bob, 'picture');
  alice.send({ order: 'offer' });
  const begin = await start;
  const times = {
    connected_us: Math.max(...await connected) - begin,
    picture_us: await picture - begin,
  };
  for (const side of [alice, bob]) side.send({ order: 'close' });
  return times;
}

for (const [from, to] of [[alice, bob], [bob, alice]])
  from.on('message', ({ description, candidate }) => {
    if (description || candidate) to.send({ description, candidate });
  });
for await (const _ of createInterface({ input: process.stdin })) {
  const limit = setTimeout(end, CALL_MS, 1);
  console.log(JSON.stringify(await call()));
  clearTimeout(limit);
}
end(0);
