/*
 * A way to a port of this machine that takes as long as one across an ocean:
 * what crosses on it has not been heard of at the other end.
 */

import { connect, createServer } from 'node:net';

function delay(from, to, delayMs) {
  const after = (func) => setTimeout(func, delayMs);

  from.on('data', (chunk) => after(() => to.write(chunk)));
  from.on('end', () => after(() => to.end()));
  from.on('error', () => to.destroy());
}

/**
 * @param {number} port
 * @param {number} delayMs each way
 * @returns {Promise<{port: number, close: () => void}>}
 */
export async function goFarAway(port, delayMs) {
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay();
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    delay(near, far, delayMs);
    delay(far, near, delayMs);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: server.address().port, close };
}
