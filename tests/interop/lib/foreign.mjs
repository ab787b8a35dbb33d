/*
 * Other people's servers and pages. The servers are real ones; the pages stand
 * in pages/, as tutorials write them. stage.mjs puts a pealbin opposite.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openPage, skipAll } from '../../browser/lib/browser.mjs';
import { Program } from '../../browser/lib/process.mjs';
import { waitUntil } from '../../browser/lib/wait.mjs';

/* Debian's own, which has the packages that ./dev installs. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Skip the file unless Python has these modules. */
export function needPython(...modules) {
  const { status } = spawnSync(PYTHON, ['-c', `import ${modules}`]);
  if (status !== 0)
    skipAll(`python3 has no ${modules}: ./dev check installs them`);
}

/** Skip the file unless node has socket.io. */
export function needSocketIo() {
  try {
    return dirname(dirname(require.resolve('socket.io')));
  } catch {
    return skipAll('run "npm ci" in tests/interop, or ./dev check');
  }
}

/** The module ws, which socket.io brings; skips the file without it. */
export async function loadWs() {
  needSocketIo();
  return import('ws');
}

/**
 * Start a server of servers/ and wait until it listens.
 *
 * @param {string} file
 * @param {...string} args
 * @returns {Promise<{port: number, host: string, stop: () => Promise<any>,
 *   restart: () => Promise<any>}>} host: with the port, as in URLs; restart:
 *   kills it and starts it at the same port, for servers that heed PORT
 */
export async function startForeign(file, ...args) {
  const command = file.endsWith('.py') ? PYTHON : process.execPath;
  const program = new Program(command, [join(HERE, 'servers', file), ...args]);
  const [, port] = await program.waitForLine(/listening on (\d+)/);
  const stop = () => program.stop('SIGKILL');
  const restart = async () => {
    await stop();
    process.env.PORT = port;
    const again = await startForeign(file, ...args);
    delete process.env.PORT;
    return again;
  };
  return { port: Number(port), host: `127.0.0.1:${port}`, stop, restart };
}

/**
 * Serve pages/ and socket.io's own client on a free port.
 *
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function servePages() {
  const client = async () =>
    readFile(join(needSocketIo(), 'client-dist', 'socket.io.js'));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const isClient = pathname === '/socket.io.js';
    try {
      const body = isClient
        ? await client()
        : await readFile(join(HERE, 'pages', pathname.slice(1)));
      const type = isClient ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` });
      response.end(body);
    } catch {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

/**
 * Open a page of pages/ and wait until it is in its room.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 */
export async function openForeign(browser, url) {
  const page = await openPage(browser, url);
  await page.evaluate(knowRemotes);
  await waitUntil(
    'the page is ready',
    async () => (await page.title()) === 'ready',
  );
  return page;
}

/* In the page: tests look at window.peal.peers, whoever wrote the page. They
 * have the titles of their pictures, or are called remote, remote 2 and so
 * on. */
function knowRemotes() {
  const nameOf = ({ title }, index) =>
    title || (index === 0 ? 'remote' : `remote ${index + 1}`);
  window.peal = {
    get peers() {
      const videos = [...document.querySelectorAll('video.remote')];
      return new Map(
        videos
          .map((video, i) => ({ name: nameOf(video, i), stream: video.srcObject }))
          .filter(({ stream }) => stream)
          .map((peer) => [peer.stream.id, peer]),
      );
    },
  };
}
