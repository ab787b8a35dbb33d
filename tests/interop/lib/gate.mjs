/*
 * A gate on a pealbin's way to a raw relay: a test hears what passes, and holds
 * back what the pealbin says until it lets it through.
 */

import { loadWs } from './foreign.mjs';

const { WebSocket, WebSocketServer } = await loadWs();

/* As if the page had chosen this number for its `o=`. */
const withOrigin = (text, origin) =>
  origin ? text.replace(/o=- \d+/, `o=- ${origin}`) : text;

class Gate {
  /** What the pealbin has said, and what it was told; parsed, in order. */
  said = [];
  told = [];
  #held = null; // what waits, as it came; null: the gate is open
  #far = null;

  /** From now on what the pealbin says has to wait. */
  shut() {
    this.#held ??= [];
  }

  /** Let everything through, in order. */
  open() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const text of held) this.#far.send(text);
  }

  /** How often the pealbin has said this type of message. */
  count(type) {
    return this.said.filter((message) => message.type === type).length;
  }

  /** Whether the pealbin was told a message of this type. */
  hasTold(type) {
    return this.told.some((message) => message.type === type);
  }

  connect(near, far, origin) {
    const early = [];
    const say = (data) => {
      const text = String(data);
      this.said.push(JSON.parse(text));
      if (this.#held) this.#held.push(text);
      else if (far.readyState === WebSocket.OPEN) far.send(text);
      else early.push(text);
    };
    this.#far = far;
    near.on('message', say);
    far.on('open', () => early.forEach((text) => far.send(text)));
    far.on('message', (data) => {
      this.told.push(JSON.parse(String(data)));
      near.send(withOrigin(String(data), origin));
    });
    near.on('close', () => far.close());
    far.on('close', () => near.close());
  }
}

/**
 * @param {number} port of the relay
 * @param {{origin?: string}} [options] the number that takes the place of the
 *   one in the `o=` of what the pealbin is told
 * @returns {Promise<Gate & {port: number, close: () => void}>}
 */
export async function openGate(port, { origin } = {}) {
  const gate = new Gate();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((done) => server.on('listening', done));
  server.on('connection', (near, { url }) =>
    gate.connect(near, new WebSocket(`ws://127.0.0.1:${port}${url}`), origin));
  gate.port = server.address().port;
  gate.close = () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  return gate;
}
