/*
 * Other people's servers over TLS, with a certificate that only who is told of
 * it trusts; a page in Chromium, told to accept it, and a pealbin:
 *
 *   the page <--wss, https--> servers/… <--wss, https--> pealbin tls-ca-file=…
 */

import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { skipAll, startBrowser } from '../browser/lib/browser.mjs';
import { hasElement, startElement } from '../browser/lib/element.mjs';
import { scratchFolder } from '../browser/lib/known-media.mjs';
import { startServer } from '../browser/lib/server.mjs';
import {
  DOOR,
  PAGE,
  expectCall,
  needPython,
  needSocketIo,
  openForeign,
  servePages,
  startForeign,
} from './lib/foreign.mjs';

if (!hasElement()) skipAll('pealbin is not built');
needPython('fastapi', 'uvicorn');
needSocketIo();

/* So that it says which way it took. */
process.env.GST_DEBUG = 'peal-signalling-engineio-transport:4';

let certificate;
let pages;
let browser;

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
  pages = await servePages();
  browser = await startBrowser({
    ...PAGE,
    flags: ['--ignore-certificate-errors', '--allow-running-insecure-content'],
  });
});

after(async () => {
  await browser?.close();
  pages?.close();
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

const startDoor = (uri, settings) =>
  startElement({ uri, settings, name: 'Door', ...DOOR });

async function meet(t, { serverFile, args = [], page: path, door: uri, says }) {
  const server = await startForeign(serverFile, ...args);
  t.after(() => server.stop());
  const host = `127.0.0.1:${server.port}`;
  const stranger = startDoor(uri(host));
  await stranger.program.waitForLine(/certificate.*tls-ca-file/);
  await stranger.stop('SIGKILL');
  const door = startDoor(uri(host), `tls-ca-file=${certificate}`);
  t.after(() => door.stop('SIGINT'));
  await door.program.waitForLine(/signalling-state.*joined/);
  const page = await openForeign(browser, `${pages.url}/${path(host)}`);
  t.after(() => page.context().close());
  await expectCall(page, door);
  if (says) await door.program.waitForLine(says);
}

for (const [sentence, story] of Object.entries(stories))
  test(sentence, (t) => meet(t, story));
