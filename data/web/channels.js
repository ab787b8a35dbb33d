/*
 * The data channels of one connection. The offerer makes one, labelled `peal`,
 * over which both sides talk; channels that the other side opens besides are
 * heard as well, and used where there is no `peal`.
 */

const LABEL = 'peal';

export class Channels {
  #list = [];
  #isRuledOut = false;
  #onText;
  #onChange;

  /** @param {(text: string, label: string) => void} onText
   * @param {() => void} onChange the state may be another */
  constructor(onText, onChange) {
    this.#onText = onText;
    this.#onChange = onChange;
  }

  /** waiting, open, or closed: there is none, or no longer. */
  get state() {
    if (this.#chosen) return 'open';
    const isOver = this.#list.length > 0
      && this.#list.every(({ readyState }) => readyState !== 'connecting');
    return this.#isRuledOut || isOver ? 'closed' : 'waiting';
  }

  /** Make ours, before the connection's first offer. */
  create(pc) {
    if (!this.#list.length) this.adopt(pc.createDataChannel(LABEL));
  }

  /** Use one that the other side has opened. */
  adopt(channel) {
    this.#list.push(channel);
    channel.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#onText(data, channel.label);
    };
    channel.onopen = channel.onclose = this.#onChange;
    this.#onChange();
  }

  /** There will be none: the descriptions have no line for it, or the
   * connection is over. */
  ruleOut() {
    this.#isRuledOut = true;
    this.#onChange();
  }

  /** False when the other side has not read what it was sent before. */
  send(text, bufferLimit) {
    const channel = this.#chosen;
    if (!channel || channel.bufferedAmount > bufferLimit) return false;
    channel.send(text);
    return true;
  }

  /** Hear no more of them. */
  release() {
    for (const channel of this.#list)
      channel.onmessage = channel.onopen = channel.onclose = null;
  }

  get #chosen() {
    const open = this.#list.filter(({ readyState }) => readyState === 'open');
    return open.find(({ label }) => label === LABEL) ?? open[0];
  }
}
