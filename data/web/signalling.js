/*
 * Peal rooms v1 over a WebSocket (protocols.md section 1): joins, resumes,
 * pings, and comes back by itself with full-jitter backoff. It knows nothing
 * of calls: messages go up as they are, and a lost socket is only a state.
 *
 * States: idle -> connecting -> joining -> joined; waiting between tries;
 * refused when the server said no in a way that trying again cannot change.
 */

import { Backoff } from './backoff.js';
import { nextState } from './transitions.js';

/* The server pings every 15 s and drops after two misses; a page cannot see
 * WebSocket pings, so it asks in its own words at a like pace. */
const PING_INTERVAL_MS = 10000;
const SILENCE_LIMIT_MS = 25000; // chosen: two of our pings unanswered
const FRAME_LIMIT = 64 * 1024; // bytes: protocols.md section 1
const OPEN_LIMIT_MS = 10000; // chosen: longer than three SYN retries

const FATAL = ['unauthorized', 'room-full', 'bad-room', 'bad-name'];

const EDGES = [
  { from: 'idle', event: 'start', to: 'connecting' },
  { from: 'refused', event: 'start', to: 'connecting' },
  { from: 'connecting', event: 'open', to: 'joining' },
  { from: 'joining', event: 'joined', to: 'joined' },
  { from: 'joining', event: 'refused', to: 'refused' },
  { from: 'connecting', event: 'lost', to: 'waiting' },
  { from: 'joining', event: 'lost', to: 'waiting' },
  { from: 'joined', event: 'lost', to: 'waiting' },
  { from: 'waiting', event: 'retry', to: 'connecting' },
  { from: '*', event: 'stop', to: 'idle' },
];

export class Signalling {
  #handlers;
  #url;
  #join = null;
  #resume = null;
  #socket = null;
  #backoff = new Backoff();
  #retryTimer = 0;
  #openTimer = 0;
  #pingTimer = 0;
  #heardAt = 0;

  state = 'idle';
  /** The code of the error that refused us, in state refused. */
  refusedBy = null;

  /**
   * @param {string} url of the server's `/ws`
   * @param {{onState: (state: string) => void,
   *   onMessage: (message: object) => void}} handlers
   */
  constructor(url, handlers) {
    this.#url = url;
    this.#handlers = handlers;
    window.addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#retryNow();
    });
  }

  /** Enter a room and stay in it: {room, name, token, meta}. */
  start(join) {
    this.#join = join;
    this.refusedBy = null;
    this.#backoff.reset();
    if (this.#change('start')) this.#open();
  }

  /** Leave for good: the others see it at once. */
  stop(reason) {
    this.send({ type: 'bye', reason });
    this.#resume = null;
    this.#drop(1000);
    clearTimeout(this.#retryTimer);
    this.#change('stop');
  }

  /**
   * Send one message; false when there is no room to send it to or it is too
   * large, in which case it is not kept.
   */
  send(message) {
    if (this.state !== 'joined' || this.#socket?.readyState !== WebSocket.OPEN)
      return false;
    const frame = JSON.stringify(message);
    if (new TextEncoder().encode(frame).length > FRAME_LIMIT) return false;
    this.#socket.send(frame);
    return true;
  }

  #change(event) {
    const to = nextState(EDGES, this.state, event);
    if (to === null) {
      console.warn(`signalling: no ${event} in state ${this.state}`);
      return false;
    }
    this.state = to;
    this.#handlers.onState(to);
    return true;
  }

  #open() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#onOpen(socket);
    socket.onmessage = (event) => this.#onText(socket, event.data);
    socket.onclose = () => this.#onLost(socket);
    this.#openTimer = setTimeout(() => this.#onLost(socket), OPEN_LIMIT_MS);
  }

  #onOpen(socket) {
    if (socket !== this.#socket || !this.#change('open')) return;
    this.#heardAt = Date.now();
    this.#pingTimer = setInterval(() => this.#ping(socket), PING_INTERVAL_MS);
    const join = { type: 'join', ...this.#join };
    if (this.#resume) join.resume = this.#resume;
    socket.send(JSON.stringify(join));
  }

  #ping(socket) {
    if (Date.now() - this.#heardAt > SILENCE_LIMIT_MS) this.#onLost(socket);
    else socket.send('{"type":"ping"}');
  }

  #onText(socket, text) {
    if (socket !== this.#socket) return;
    this.#heardAt = Date.now();
    const message = parse(text);
    if (!message || message.type === 'pong') return;
    if (message.type === 'error' && this.state === 'joining')
      this.#onRefused(message.code);
    else if (message.type === 'joined') this.#onJoined(message);
    else if (this.state === 'joined') this.#handlers.onMessage(message);
  }

  #onJoined(message) {
    clearTimeout(this.#openTimer);
    this.#resume = message.resume ?? null;
    this.#backoff.reset();
    if (this.#change('joined')) this.#handlers.onMessage(message);
  }

  #onRefused(code) {
    if (!FATAL.includes(code)) {
      this.#onLost(this.#socket);
      return;
    }
    this.refusedBy = code;
    this.#resume = null;
    this.#drop(1000);
    this.#change('refused');
  }

  #onLost(socket) {
    if (socket !== this.#socket) return;
    this.#drop(1000);
    if (!this.#change('lost')) return;
    this.#retryTimer = setTimeout(() => this.#retry(), this.#backoff.next());
  }

  #retry() {
    if (this.state === 'waiting' && this.#change('retry')) this.#open();
  }

  /* The network or the person is back: no reason to wait any longer. */
  #retryNow() {
    if (this.state !== 'waiting') return;
    clearTimeout(this.#retryTimer);
    this.#retry();
  }

  #drop(code) {
    clearTimeout(this.#openTimer);
    clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }
}

function parse(text) {
  try {
    const message = JSON.parse(text);
    return message && typeof message.type === 'string' ? message : null;
  } catch {
    return null;
  }
}
