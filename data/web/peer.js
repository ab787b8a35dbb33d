/*
 * One other member of the room and the way to it. Holds the connection of the
 * newest session and, while that one is being made, the connection before it,
 * so that a rebuild is not seen. Routes words by session, decides when a new
 * session is due, and keeps no socket of its own: what it sends goes through
 * its context.
 *
 * Recovery is always a new session (webrtcbin knows no ICE restart): its
 * offerer starts one, its answerer asks for one with `renegotiate`.
 */

import { randomId } from './address.js';
import { Backoff } from './backoff.js';
import { Connection } from './connection.js';
import { Talk, fromWire } from './talk.js';

const DISCONNECTED_LIMIT_MS = 2500; // chosen: a short gap mends itself
const CONNECTING_LIMIT_MS = 15000; // chosen: slow TURN over TCP needs 5 s
const PREVIOUS_LIMIT_MS = 10000; // chosen: then the old picture is a lie
const GLARE_LIMIT_MS = 5000; // chosen: an older offer was lost, not crossed
const GONE_LIMIT_MS = 3000; // chosen: with what Chromium needs, below 10 s
const EARLY_LIMIT = 50; // candidates kept for a session not known yet

export class Peer {
  #context;
  #connection = null;
  #previous = null;
  #early = { session: null, candidates: [] };
  #offeredAt = 0;
  #isAnswered = false;
  #hasEnded = false;
  #backoff = new Backoff();
  #tries = 0;
  #timer = 0;
  #previousTimer = 0;
  #goneTimer = 0;
  #wasConnected = false;
  #talk = new Talk((text) => this.#sayByRoom(text));

  /** Ours alone and for the peer's whole life, whatever ids it goes through. */
  key = randomId();
  /** What the member said of itself: muted audio, muted video. */
  muted = { audio: false, video: false };

  /**
   * @param {{id: string, name: ?string, meta: ?object, offers: boolean}} member
   * @param {{send: (message: object) => boolean, canSend: () => boolean,
   *   selfId: () => string, iceServers: () => object[], media: object,
   *   onChange: (peer: Peer) => void, onGone: (peer: Peer) => void,
   *   onBody: (peer: Peer, body: any) => void}} context
   *   onGone: the call was lost and there is no word from the member
   */
  constructor(member, context) {
    this.#context = context;
    this.identify(member);
  }

  /** Take over what the server says of the member. */
  identify(member) {
    this.id = member.id;
    this.name = member.name || 'Guest';
    this.offers = Boolean(member.offers);
  }

  /** new, connecting, connected, disconnected, failed or closed. */
  get state() {
    if (this.#hasEnded) return 'closed';
    if (this.#previous?.state === 'connected') return 'connected';
    return this.#connection?.state ?? 'new';
  }

  /** The way to it: {local, remote}, or null; see way.js. */
  get way() {
    return this.state === 'connected' ? (this.#connection?.way ?? null) : null;
  }

  /** Why there is none, as far as the browser knows, or ''. */
  get fault() {
    return this.state === 'connected' ? '' : (this.#connection?.fault ?? '');
  }

  get session() {
    return this.#connection?.session ?? null;
  }

  /** The stream to show, or null. */
  get stream() {
    if (this.#connection?.state === 'connected') return this.#connection.stream;
    return (this.#previous ?? this.#connection)?.stream ?? null;
  }

  /** Begin: offer, unless the other side is the one to. */
  start() {
    if (!this.offers) this.#startSession();
  }

  /** One of us is back in the room: a call that stands goes on; for any
   * other, do what could not be said meanwhile. */
  rejoined(member) {
    this.identify(member);
    if (this.state === 'connected') return;
    if (this.offers && this.#connection) this.#recover();
    else this.start();
  }

  /** Begin anew with a member to whom we are someone new. */
  restart(member) {
    this.identify(member);
    this.start();
  }

  /** One of the relayed messages: offer, answer, candidate… */
  handle(message) {
    if (message.type !== 'bye') this.#stopMissing();
    const handlers = {
      offer: this.#onOffer,
      answer: this.#onAnswer,
      candidate: this.#onCandidate,
      renegotiate: this.#onRenegotiate,
      bye: this.#onBye,
    };
    handlers[message.type]?.call(this, message);
  }

  /** waiting, open or closed. */
  get channel() {
    return this.#connection?.channels.state ?? 'closed';
  }

  /** Say a text that fits: see Talk.say(). */
  say(text) {
    return this.#talk.say(text);
  }

  #sayByRoom(text) {
    const body = { kind: 'chat', text };
    return this.#context.send({ type: 'message', to: this.id, body });
  }

  replaceTrack(kind, track) {
    this.#previous?.replaceTrack(kind, track);
    return this.#connection?.replaceTrack(kind, track);
  }

  stats() {
    return this.#connection?.stats() ?? Promise.resolve([]);
  }

  close() {
    clearTimeout(this.#timer);
    this.#stopMissing();
    this.#dropPrevious();
    this.#connection?.close();
    this.#connection = null;
    this.#talk.use(null);
  }

  #onOffer({ session, sdp }) {
    if (session === this.session) {
      if (!this.#connection?.isOfferer) this.#connection?.acceptOffer(sdp);
      return;
    }
    if (this.#isCrossed() && this.#context.selfId() > this.id) return;
    this.#replace(session, false);
    this.#connection?.acceptOffer(sdp);
    this.#takeEarly(session);
  }

  /* An own offer is under way: of two that cross, the smaller id yields. */
  #isCrossed() {
    const isPending = this.#connection?.isOfferer && !this.#isAnswered;
    return isPending && Date.now() - this.#offeredAt < GLARE_LIMIT_MS;
  }

  #onAnswer({ session, sdp }) {
    if (session !== this.session || !this.#connection?.isOfferer) return;
    this.#isAnswered = true;
    this.#connection.acceptAnswer(sdp);
  }

  #onCandidate({ session, candidate }) {
    if (session === this.session) this.#connection?.addCandidate(candidate);
    else if (session === this.#previous?.session)
      this.#previous.addCandidate(candidate);
    else this.#keepEarly(session, candidate);
  }

  #keepEarly(session, candidate) {
    if (session !== this.#early.session)
      this.#early = { session, candidates: [] };
    if (this.#early.candidates.length < EARLY_LIMIT)
      this.#early.candidates.push(candidate);
  }

  #takeEarly(session) {
    if (session !== this.#early.session) return;
    for (const candidate of this.#early.candidates.splice(0))
      this.#connection?.addCandidate(candidate);
  }

  /* Asked for a new offer: in a session that we offered, or, when there is
   * none that works, by someone who cannot offer. */
  #onRenegotiate({ session }) {
    const isOurs = session === this.session && this.#connection?.isOfferer;
    const works = ['connected', 'connecting'].includes(this.state);
    const isStray = session !== this.session && !works;
    if (isOurs || isStray) this.#startSession();
  }

  #onBye({ session }) {
    if (session && session !== this.session) return;
    this.close();
    this.#hasEnded = true;
    this.#context.onChange(this);
  }

  #startSession() {
    this.#replace(randomId(), true);
    this.#offeredAt = Date.now();
    this.#connection?.offer();
  }

  #replace(session, isOfferer) {
    this.#retire(this.#connection);
    this.#hasEnded = false;
    this.#isAnswered = false;
    const connection = new Connection({
      session,
      isOfferer,
      iceServers: this.#context.iceServers(),
      iceTransportPolicy: this.#context.isRelayOnly ? 'relay' : 'all',
      media: this.#context.media,
      handlers: this.#handlersFor(session),
    });
    this.#connection = connection;
    this.#talk.use(connection.channels);
    this.#await(CONNECTING_LIMIT_MS);
    /* This may close us: our old state alone kept a member who has left. */
    this.#context.onChange(this);
  }

  #handlersFor(session) {
    const send = (message) =>
      this.#context.send({ ...message, to: this.id, session });
    return {
      onDescription: ({ type, sdp }) => send({ type, sdp }),
      onCandidate: (candidate) => send({ type: 'candidate', candidate }),
      onState: (state) => this.#onState(session, state),
      onTrack: () => this.#context.onChange(this),
      onText: (text) => this.#context.onBody(this, fromWire(text)),
      onChannels: () => this.#talk.review(),
    };
  }

  /* Keep what still shows a picture until its successor does. */
  #retire(connection) {
    if (!connection) return;
    if (!['connected', 'disconnected'].includes(connection.state)) {
      connection.close();
      return;
    }
    this.#dropPrevious();
    this.#previous = connection;
    this.#previousTimer = setTimeout(() => {
      this.#dropPrevious();
      this.#context.onChange(this);
    }, PREVIOUS_LIMIT_MS);
  }

  #dropPrevious() {
    clearTimeout(this.#previousTimer);
    this.#previous?.close();
    this.#previous = null;
  }

  #onState(session, state) {
    if (session === this.session) this.#onCurrentState(state);
    this.#context.onChange(this);
  }

  #onCurrentState(state) {
    clearTimeout(this.#timer);
    if (['disconnected', 'failed', 'closed'].includes(state)) this.#miss();
    if (state === 'connected') {
      this.#wasConnected = true;
      this.#stopMissing();
      this.#tries = 0;
      this.#backoff.reset();
      this.#dropPrevious();
    } else if (state === 'disconnected') this.#await(DISCONNECTED_LIMIT_MS);
    else if (state === 'failed' || state === 'closed')
      this.#await(this.#tries === 0 ? 0 : this.#backoff.next());
    else this.#await(CONNECTING_LIMIT_MS);
  }

  /* A call that stood is lost. The server keeps a member's place for a while
   * after its last word, so we decide ourselves when it is gone. While we are
   * out of the room it cannot tell us anything: its time stands still. */
  #miss() {
    if (!this.#wasConnected || this.#goneTimer) return;
    this.#goneTimer = setTimeout(() => {
      this.#goneTimer = 0;
      if (this.#context.canSend()) this.#context.onGone(this);
      else this.#miss();
    }, GONE_LIMIT_MS);
  }

  #stopMissing() {
    clearTimeout(this.#goneTimer);
    this.#goneTimer = 0;
  }

  #await(limit) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#recover(), limit);
  }

  /* Without a room nothing can be said: rejoined() comes back to it. */
  #recover() {
    if (!this.#connection) return;
    this.#tries += 1;
    if (this.#connection.isOfferer && this.#context.canSend())
      this.#startSession();
    else this.#askForSession();
  }

  #askForSession() {
    const { session, isOfferer } = this.#connection;
    if (!isOfferer)
      this.#context.send({ type: 'renegotiate', to: this.id, session });
    this.#await(this.#backoff.next());
  }
}
