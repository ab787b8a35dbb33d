/*
 * Text between us and one peer: over its data channel while there is one, and
 * through the room otherwise. While a connection is being made, text waits for
 * the channel, so that the order holds; then it goes through the room, and a
 * channel that comes late is used once that has settled.
 */

const LIMIT_BYTES = 64 * 1024; // what a data channel has to take: RFC 8831
const BUFFER_LIMIT_BYTES = 1024 * 1024; // chosen: beyond, nobody is reading
const KEPT_LIMIT = 1024; // chosen: texts that wait
const WAIT_MS = 5000; // chosen: connections that come about take less
const SETTLE_MS = 1000; // chosen: what went through the room is there by then

/**
 * What a data channel carries for a text that a person reads: the text, or,
 * where that would be read as something else, an object with it.
 *
 * @param {string} text
 * @returns {string} never empty
 */
export function toWire(text) {
  const isPlain = text !== '' && typeof fromWire(text) === 'string';
  return isPlain ? text : JSON.stringify({ kind: 'chat', text });
}

/** The body that a data channel brought: a JSON object or array, or text. */
export function fromWire(text) {
  if (!/^[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether it can be sent at all. */
export function fits(text) {
  return new TextEncoder().encode(text).length <= LIMIT_BYTES;
}

export class Talk {
  #byRoom;
  #kept = [];
  #channels = null;
  #isOverdue = false;
  #timer = 0;
  #roomAt = 0; /* when the last one went through the room all the same */

  /** @param {(text: string) => boolean} byRoom sends it the other way */
  constructor(byRoom) {
    this.#byRoom = byRoom;
  }

  /** The channels of the newest connection, or null. */
  use(channels) {
    clearTimeout(this.#timer);
    this.#channels = channels;
    this.#isOverdue = false;
    this.#roomAt = 0;
    if (channels) this.#timer = setTimeout(() => this.#giveUp(), WAIT_MS);
    this.review();
  }

  /** The channels have opened or closed: what waits may go now. */
  review() {
    while (this.#kept.length && !this.#waits) this.#send(this.#kept.shift());
    if (this.#kept.length && this.#isOpen)
      setTimeout(() => this.review(), SETTLE_MS);
  }

  /**
   * @param {string} text that fits()
   * @returns {'taken' | 'refused' | 'room'} refused: the peer does not read,
   *   or too much waits; room: to be sent through the room by the caller
   */
  say(text) {
    if (this.#waits) return this.#keep(text);
    if (!this.#isOpen) {
      if (this.#channels) this.#roomAt = Date.now();
      return 'room';
    }
    return this.#channels.send(toWire(text), BUFFER_LIMIT_BYTES)
      ? 'taken'
      : 'refused';
  }

  get #isOpen() {
    return this.#channels?.state === 'open';
  }

  get #waits() {
    if (this.#isOpen) return Date.now() - this.#roomAt < SETTLE_MS;
    return this.#channels?.state === 'waiting' && !this.#isOverdue;
  }

  #keep(text) {
    if (this.#kept.length >= KEPT_LIMIT) return 'refused';
    this.#kept.push(text);
    if (this.#kept.length === 1) this.review();
    return 'taken';
  }

  #send(text) {
    if (this.say(text) === 'room') this.#byRoom(text);
  }

  #giveUp() {
    this.#isOverdue = true;
    this.review();
  }
}
