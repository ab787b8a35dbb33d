/*
 * Who is in the room and how words reach them: signalling below, one Peer for
 * each other member. Also chat, which travels over the peers' data channels
 * where they are open, and mute. As room messages these have the body
 * {"kind":"chat","text":…} and {"kind":"mute","audio":…,"video":…}.
 *
 * A lost socket changes nothing for calls that stand. With the resume key
 * everyone gets the same id back, even from a server that has been started
 * anew; a member who is not back yet is kept for as long as its call lives.
 */

import { Peer } from './peer.js';
import { Signalling } from './signalling.js';
import { fits } from './talk.js';

export class Room {
  #handlers;
  #media;
  #signalling;
  #iceServers = [];
  #isRelayOnly;
  #name = '';
  #present = new Set(); /* ids that the server says are here */
  #lost = new Map(); /* by id: of these, those that we have given up */

  /** Other members by id. */
  peers = new Map();
  selfId = null;

  /**
   * @param {{socket: string, isRelayOnly: boolean}} address socket: of the
   *   signalling; isRelayOnly: call through TURN servers only
   * @param {object} media the local media: stream, track(kind), muted
   * @param {{onState: Function, onPeers: Function, onPeer: Function,
   *   onArrival: Function, onChat: Function}} handlers
   */
  constructor({ socket, isRelayOnly }, media, handlers) {
    this.#media = media;
    this.#handlers = handlers;
    this.#isRelayOnly = isRelayOnly;
    this.#signalling = new Signalling(socket, {
      onState: (state) => handlers.onState(state),
      onMessage: (message) => this.#onMessage(message),
    });
  }

  get state() {
    return this.#signalling.state;
  }

  get refusedBy() {
    return this.#signalling.refusedBy;
  }

  enter({ room, name, token }) {
    this.#name = name;
    this.#signalling.start({ room, name, ...(token ? { token } : {}) });
  }

  leave() {
    this.#signalling.stop('left');
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
    this.#lost.clear();
    this.selfId = null;
    this.#handlers.onPeers();
  }

  /** Say something to everyone.
   * @returns {'said' | 'away' | 'too-long'} away: nobody can be reached */
  say(text) {
    if (!fits(text)) return 'too-long';
    const peers = [...this.peers.values()];
    const answers = peers.map((peer) => peer.say(text));
    const byRoom = peers.filter((_, i) => answers[i] === 'room');
    const isSaid = answers.includes('taken');
    if (!this.#sayByRoom(text, byRoom, peers.length) && !isSaid) return 'away';
    this.#handlers.onChat({ name: this.#name, text, isOwn: true });
    return 'said';
  }

  /* One word to the room reaches all who have no channel, unless there are
   * others who would hear it twice. */
  #sayByRoom(text, peers, count) {
    const message = { type: 'message', body: { kind: 'chat', text } };
    if (peers.length === count) return this.#signalling.send(message);
    const sent = peers.map(({ id }) =>
      this.#signalling.send({ ...message, to: id }));
    return sent.includes(true);
  }

  /** Tell everyone, or one member, what of ours is muted. */
  tellMuted(to) {
    const body = { kind: 'mute', ...this.#media.muted };
    this.#signalling.send({ type: 'message', body, ...(to ? { to } : {}) });
  }

  /** Send another camera or microphone to everyone. */
  replaceTrack(kind, track) {
    for (const peer of this.peers.values()) peer.replaceTrack(kind, track);
  }

  #onMessage(message) {
    const handlers = {
      joined: this.#onJoined,
      'peer-joined': this.#onPeerJoined,
      'peer-left': this.#onPeerLeft,
      message: this.#onText,
      error: this.#onError,
    };
    if (handlers[message.type]) handlers[message.type].call(this, message);
    else this.#relay(message);
  }

  #onJoined({ id, peers, iceServers }) {
    const isResumed = id === this.selfId;
    const members = peers ?? [];
    this.selfId = id;
    this.#iceServers = iceServers ?? [];
    this.#present = new Set(members.map((member) => member.id));
    this.#lost.clear();
    for (const member of members) this.#meet(member, isResumed);
    for (const peer of [...this.peers.values()])
      if (this.#isGone(peer)) this.#drop(peer);
    this.tellMuted();
    this.#handlers.onPeers();
  }

  /* Not in the room, and no call that shows it is only late in coming back. */
  #isGone(peer) {
    const lives = ['connected', 'disconnected'].includes(peer.state);
    return !lives && !this.#present.has(peer.id);
  }

  /* A call that stands goes on, unless to the other side we are someone new. */
  #meet(member, isResumed) {
    const known = this.peers.get(member.id);
    if (!known) this.#add(member);
    else if (isResumed) known.rejoined(member);
    else known.restart(member);
  }

  #add(member) {
    this.#insert(member).start();
  }

  #insert(member) {
    const peer = new Peer(member, {
      send: (message) => this.#signalling.send(message),
      canSend: () => this.state === 'joined',
      selfId: () => this.selfId,
      iceServers: () => this.#iceServers,
      isRelayOnly: this.#isRelayOnly,
      media: this.#media,
      onChange: (changed) => this.#onPeerChange(changed),
      onGone: (gone) => this.#onPeerGone(gone),
      onBody: (from, body) => this.#onBody(from, body),
    });
    this.#lost.delete(peer.id);
    this.peers.set(peer.id, peer);
    this.#handlers.onPeers();
    return peer;
  }

  #drop(peer) {
    this.peers.delete(peer.id);
    peer.close();
    this.#handlers.onPeers();
  }

  #onPeerChange(peer) {
    if (this.peers.get(peer.id) !== peer) return;
    if (this.state === 'joined' && this.#isGone(peer)) this.#drop(peer);
    else this.#handlers.onPeer(peer);
  }

  /* The server may still believe in it: its next offer brings it back. */
  #onPeerGone(peer) {
    const { id, name, offers } = peer;
    if (this.peers.get(id) !== peer) return;
    this.#lost.set(id, { id, name, offers });
    this.#drop(peer);
    this.#handlers.onArrival(peer, false);
  }

  #onPeerJoined({ peer: member }) {
    const isNew = !this.peers.has(member.id);
    this.#present.add(member.id);
    this.#meet(member, true);
    if (isNew) this.#handlers.onArrival(this.peers.get(member.id), true);
    this.tellMuted(member.id);
  }

  #onPeerLeft({ id }) {
    this.#present.delete(id);
    this.#lost.delete(id);
    const peer = this.peers.get(id);
    if (!peer) return;
    this.#drop(peer);
    this.#handlers.onArrival(peer, false);
  }

  #onText({ from, body }) {
    const peer = this.peers.get(from);
    if (peer) this.#onBody(peer, body);
  }

  #onBody(peer, body) {
    if (typeof body === 'string') this.#hear(peer, body);
    else if (body?.kind === 'chat') this.#hear(peer, String(body.text ?? ''));
    else if (body?.kind === 'mute') this.#note(peer, body);
  }

  #hear(peer, text) {
    this.#handlers.onChat({ name: peer.name, text, isOwn: false });
  }

  #note(peer, { audio, video }) {
    peer.muted = { audio: audio === true, video: video === true };
    this.#handlers.onPeer(peer);
  }

  /* An error never ends a call that stands. */
  #onError({ code, message, to }) {
    console.warn(`server: ${code}: ${message}`);
    const peer = this.peers.get(to);
    if (code === 'unknown-peer' && peer && peer.state !== 'connected')
      this.#drop(peer);
  }

  /* Words of a session; a bare bye comes from one who is leaving. */
  #relay(message) {
    const peer = this.peers.get(message.from) ?? this.#recall(message);
    peer?.handle(message);
  }

  #recall({ from, type }) {
    const member = this.#lost.get(from);
    if (!member || !['offer', 'renegotiate'].includes(type)) return null;
    const peer = this.#insert(member);
    this.#handlers.onArrival(peer, true);
    return peer;
  }
}
