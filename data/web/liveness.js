/*
 * Is the other side of a connection still there? A browser takes 7 s and more
 * to call a dead one disconnected; we look every second whether anything has
 * come in, and take it for silent after SILENCE_LIMIT_MS.
 */

const LOOK_INTERVAL_MS = 1000;
const SILENCE_LIMIT_MS = 4000; // chosen: as the element (liveness.c)

export class Liveness {
  #pc;
  #onChange;
  #timer = 0;
  #count = -1;
  #heardAt = 0;

  /** Nothing has come in for too long. */
  isSilent = false;

  /**
   * @param {RTCPeerConnection} pc
   * @param {() => void} onChange isSilent is another
   */
  constructor(pc, onChange) {
    this.#pc = pc;
    this.#onChange = onChange;
  }

  /** Watch from now on; the connection is up. */
  start() {
    if (this.#timer) return;
    this.#heardAt = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  async #look() {
    const count = arrivals([...(await this.#pc.getStats()).values()]);
    if (!this.#timer) return;
    const now = performance.now();
    if (count !== this.#count) this.#heardAt = now;
    this.#count = count;
    const isSilent = now - this.#heardAt >= SILENCE_LIMIT_MS;
    if (isSilent === this.isSilent) return;
    this.isSilent = isSilent;
    this.#onChange();
  }
}

/* Media, its reports and data, and the checks of the path itself. Firefox
 * counts bytes, and no packets and requests. */
function arrivals(stats) {
  const pairs = stats.filter((s) => s.type === 'candidate-pair');
  const of = (pair) =>
    (pair.bytesReceived ?? 0) +
    (pair.packetsReceived ?? 0) +
    (pair.requestsReceived ?? 0) +
    (pair.responsesReceived ?? 0);
  return pairs.reduce((sum, pair) => sum + of(pair), 0);
}
