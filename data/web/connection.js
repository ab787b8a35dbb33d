/*
 * One RTCPeerConnection for one session (protocols.md section 1): either the
 * session's offerer or its answerer, for its whole life. It is made, used and
 * closed by a Peer, which decides when a new session is due.
 *
 * Words from the network are worked off one after the other; candidates wait
 * until the description they belong to is set.
 */

import { Channels } from './channels.js';
import { Liveness } from './liveness.js';
import {
  acceptsChannel,
  offeredDirections,
  offersChannel,
  wantsToReceive,
} from './sdp.js';
import { chosenWay, serverFault } from './way.js';

const CANDIDATE_LIMIT = 200; // chosen: far above what an honest host has

export class Connection {
  #pc;
  #handlers;
  #media;
  #work = Promise.resolve();
  #waiting = [];
  #isDescribed = false;
  #transport = null;
  #liveness;
  #senders = { audio: null, video: null };

  /** Everything that arrives, in one stream. */
  stream = new MediaStream();
  /** Its data channels. */
  channels;
  /** Kinds of the candidates at both ends, {local, remote}, or null. */
  way = null;
  /** What is wrong with a STUN or TURN server, or ''. */
  fault = '';

  /**
   * @param {{session: string, isOfferer: boolean, iceServers: object[],
   *   iceTransportPolicy: string,
   *   media: {stream: MediaStream, track: (kind: string) => ?MediaStreamTrack},
   *   handlers: {onDescription: Function, onCandidate: Function,
   *     onState: Function, onTrack: Function, onText: Function,
   *     onChannels: Function}}} options
   */
  constructor({ session, isOfferer, media, handlers, ...ice }) {
    this.session = session;
    this.isOfferer = isOfferer;
    this.#media = media;
    this.#handlers = handlers;
    this.#pc = new RTCPeerConnection({ ...ice, bundlePolicy: 'max-bundle' });
    this.#pc.onicecandidateerror = (event) => this.#onCandidateError(event);
    this.channels = new Channels(handlers.onText, handlers.onChannels);
    this.#pc.ondatachannel = ({ channel }) => this.channels.adopt(channel);
    this.#pc.onicecandidate = (event) => this.#onCandidate(event.candidate);
    this.#pc.onconnectionstatechange = () => this.#onState();
    this.#pc.ontrack = (event) => this.#onTrack(event.track);
    this.#liveness = new Liveness(this.#pc, () => handlers.onState(this.state));
  }

  /** new, connecting, connected, disconnected, failed or closed. */
  get state() {
    const hasHungUp = this.#transport?.state === 'closed';
    const state = hasHungUp ? 'closed' : this.#pc.connectionState;
    const isSilent = state === 'connected' && this.#liveness.isSilent;
    return isSilent ? 'disconnected' : state;
  }

  /** Make the session's (next) offer. */
  offer() {
    return this.#run(async () => {
      if (!this.#pc.getTransceivers().length) this.#addOwnLines();
      this.channels.create(this.#pc);
      await this.#pc.setLocalDescription(await this.#pc.createOffer());
      this.#handlers.onDescription(this.#pc.localDescription);
    });
  }

  /** Take an offer of this session and answer it. */
  acceptOffer(sdp) {
    return this.#run(async () => {
      if (!offersChannel(sdp)) this.channels.ruleOut();
      await this.#pc.setRemoteDescription({ type: 'offer', sdp });
      await this.#fillOfferedLines(sdp);
      await this.#pc.setLocalDescription(await this.#pc.createAnswer());
      this.#handlers.onDescription(this.#pc.localDescription);
      await this.#takeWaiting();
    });
  }

  acceptAnswer(sdp) {
    return this.#run(async () => {
      if (this.#pc.signalingState !== 'have-local-offer') return;
      if (!acceptsChannel(sdp)) this.channels.ruleOut();
      await this.#pc.setRemoteDescription({ type: 'answer', sdp });
      await this.#takeWaiting();
    });
  }

  /** A candidate of the other side; null ends them. */
  addCandidate(candidate) {
    return this.#run(async () => {
      if (this.#isDescribed) await this.#addNow(candidate);
      else if (this.#waiting.length < CANDIDATE_LIMIT)
        this.#waiting.push(candidate);
    });
  }

  /** Send another track of this kind, or none; no negotiation is needed. */
  replaceTrack(kind, track) {
    return this.#run(async () => this.#senders[kind]?.replaceTrack(track));
  }

  close() {
    this.#liveness.stop();
    this.channels.release();
    this.#pc.ondatachannel = null;
    this.#pc.onicecandidate = null;
    this.#pc.onicecandidateerror = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.ontrack = null;
    if (this.#transport) this.#transport.onstatechange = null;
    this.#pc.close();
  }

  /* For tests and for the curious: webrtc statistics as plain objects. */
  async stats() {
    return [...(await this.#pc.getStats()).values()];
  }

  #run(step) {
    this.#work = this.#work.then(async () => {
      if (this.#pc.signalingState === 'closed') return;
      try {
        await step();
      } catch (error) {
        console.warn(`session ${this.session}: ${error.message}`);
        this.#handlers.onState('failed');
      }
    });
    return this.#work;
  }

  /* Both lines are sendrecv even without a device, so that a camera which
   * is allowed later needs no new offer. */
  #addOwnLines() {
    for (const kind of ['audio', 'video']) {
      const transceiver = this.#pc.addTransceiver(
        this.#media.track(kind) ?? kind,
        { direction: 'sendrecv', streams: [this.#media.stream] },
      );
      this.#senders[kind] = transceiver.sender;
    }
  }

  async #fillOfferedLines(sdp) {
    const directions = offeredDirections(sdp);
    for (const transceiver of this.#pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      if (this.#senders[kind] || transceiver.stopped) continue;
      if (!wantsToReceive(directions.get(transceiver.mid))) continue;
      this.#senders[kind] = transceiver.sender;
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(this.#media.stream);
      await transceiver.sender.replaceTrack(this.#media.track(kind));
    }
  }

  async #takeWaiting() {
    this.#isDescribed = true;
    for (const candidate of this.#waiting.splice(0))
      await this.#addNow(candidate);
  }

  /* One bad candidate costs nothing but itself. */
  async #addNow(candidate) {
    try {
      await this.#pc.addIceCandidate(candidate ?? undefined);
    } catch (error) {
      console.debug(`session ${this.session}: ${error.message}`);
    }
  }

  #onCandidate(candidate) {
    if (!candidate) this.#handlers.onCandidate(null);
    else if (candidate.candidate) this.#handlers.onCandidate(candidate.toJSON());
  }

  /* The first fault is the cause; a good server beside it makes it moot. */
  #onCandidateError(event) {
    this.fault ||= serverFault(event);
    this.#handlers.onState(this.state);
  }

  async #findWay() {
    this.way = chosenWay(await this.stats());
    this.#handlers.onState(this.state);
  }

  /* Whoever closes a connection says so in DTLS; without that word a silent
   * peer is noticed only when its ICE checks have gone unanswered. */
  #onState() {
    const transport = this.#pc.getTransceivers()[0]?.receiver.transport;
    if (transport && transport !== this.#transport) {
      this.#transport = transport;
      transport.onstatechange = () => this.#handlers.onState(this.state);
    }
    if (this.#pc.connectionState === 'connected') {
      this.#liveness.start();
      if (!this.way) this.#findWay();
    }
    this.#handlers.onState(this.state);
  }

  #onTrack(track) {
    this.stream.addTrack(track);
    track.onmute = track.onunmute = () => this.#handlers.onTrack();
    this.#handlers.onTrack();
  }
}
