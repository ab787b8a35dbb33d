/*
 * Other people's servers over TLS, with a certificate that only who is told of
 * it trusts; a page in Chromium, told to accept it, and a pealbin:
 *
 *   the page <--wss, https--> servers/… <--wss, https--> pealbin tls-ca-file=…
 */

import { dirname, join } from 'node:path';
import { before, test } from 'node:test';

import { scratchFolder } from '../browser/lib/known-media.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { serveTheirs, setUpForeign, startDoor } from './lib/stage.mjs';

/* So that it says which way it took. */
process.env.GST_DEBUG = 'peal-signalling-engineio-transport:4';

const stage = setUpForeign({
  python: ['fastapi', 'uvicorn'],
  socketIo: true,
  flags: ['--ignore-certificate-errors', '--allow-running-insecure-content'],
});
let certificate;

/* Ours makes a certificate; theirs use it. */
before(async () => {
  const ours = await startServer({
    args: ['--tls', 'auto'],
    env: { XDG_STATE_HOME: scratchFolder() },
  });
  await ours.stop();
  certificate = ours.certificate;
  process.env.TLS_CERTIFICATE = certificate;
  process.env.TLS_KEY = join(dirname(certificate), 'key.pem');
});

const stories = {
  'a FastAPI relay over wss': {
    serverFile: 'relay.py',
    page: (host) => `relay.html?call&server=wss://${host}/ws/lobby`,
    door: (host) => `relay+wss://${host}/ws/lobby`,
  },
  'a Node socket.io server over wss': {
    serverFile: 'mesh.mjs',
    args: ['websocket'],
    page: (host) => `mesh.html?transports=websocket&server=https://${host}`,
    door: (host) => `socketio+wss://${host}/lobby`,
  },
  'a Node socket.io server that polls only, over https': {
    serverFile: 'mesh.mjs',
    args: ['polling'],
    page: (host) => `mesh.html?server=https://${host}`,
    door: (host) => `socketio+wss://${host}/lobby`,
    says: /no WebSocket.*polling/,
  },
  'a simple_server over wss': {
    serverFile: 'simple.py',
    page: (host) => `gstexamples.html?id=page&room=lobby&server=wss://${host}`,
    door: (host) => `gstexamples+wss://${host}/?room=lobby`,
  },
};

async function meet(t, { serverFile, args = [], page, door, says }) {
  const { host } = await serveTheirs(t, serverFile, ...args);
  const stranger = startDoor(t, door(host));
  await stranger.program.waitForLine(/certificate.*tls-ca-file/);
  await stranger.stop('SIGKILL');
  await stage.meet(t, {
    first: 'door',
    page: page(host),
    door: door(host),
    settings: `tls-ca-file=${certificate}`,
    says,
  });
}

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));
