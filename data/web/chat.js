/*
 * The chat panel: a log that a screen reader follows, a field, and a count of
 * what came in while the panel was closed.
 */

import { byId, make, setText, speak } from './dom.js';

export class Chat {
  #unread = 0;

  /** Everything said, oldest first: {name, text, isOwn}. */
  log = [];

  /** @param {{onSay: (text: string) => string}} handlers */
  constructor({ onSay }) {
    byId('chat-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say(onSay);
    });
    byId('chat-toggle').addEventListener('click', () => this.toggle());
    byId('chat-close').addEventListener('click', () => this.close());
    byId('chat').addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  get isOpen() {
    return !byId('chat').hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.#open();
  }

  close() {
    if (!this.isOpen) return;
    byId('chat').hidden = true;
    byId('chat-toggle').setAttribute('aria-expanded', 'false');
    byId('chat-toggle').focus();
  }

  /** Add what someone said. */
  add(entry) {
    this.log.push(entry);
    byId('chat-empty').hidden = true;
    const line = make(
      'p',
      entry.isOwn ? 'own' : '',
      make('span', 'who', entry.isOwn ? 'You' : entry.name),
      make('span', 'text', entry.text),
    );
    const log = byId('chat-log');
    log.append(line);
    log.scrollTop = log.scrollHeight;
    if (!this.isOpen) this.#count(entry);
  }

  #count(entry) {
    this.#unread += 1;
    this.#showUnread();
    speak(`${entry.name}: ${entry.text}`);
  }

  #showUnread() {
    const badge = byId('unread');
    badge.hidden = this.#unread === 0;
    setText(badge, String(this.#unread));
    badge.setAttribute('aria-label', `${this.#unread} unread`);
  }

  #open() {
    this.#unread = 0;
    this.#showUnread();
    byId('chat').hidden = false;
    byId('chat-toggle').setAttribute('aria-expanded', 'true');
    byId('chat-log').scrollTop = byId('chat-log').scrollHeight;
    byId('chat-text').focus();
  }

  #say(onSay) {
    const field = byId('chat-text');
    const text = field.value.trim();
    if (!text) return;
    const outcome = onSay(text);
    if (outcome === 'said') field.value = '';
    else speak(outcome === 'too-long'
      ? 'Not sent: the message is too long.'
      : 'Not sent: nobody can be reached.');
  }
}
