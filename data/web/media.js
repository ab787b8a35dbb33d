/*
 * Our own camera and microphone: asked for once, with a graceful way down
 * (both, microphone only, camera only, receive only), muted by disabling the
 * track, exchanged without any negotiation. Says why a medium is missing.
 */

const WANTED = {
  audio: { echoCancellation: true, noiseSuppression: true },
  video: {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
  },
};

const REASONS = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export class Media {
  #handlers;
  #isMuted = { audio: false, video: false };

  /** What we send and see of ourselves. */
  stream = new MediaStream();
  /** Why a medium is missing, or null; see mediaNotice() in words.js. */
  problems = { audio: null, video: null };
  /** The cameras there are. */
  cameras = [];

  /**
   * @param {{onChange: () => void,
   *   onTrack: (kind: string, track: ?MediaStreamTrack) => void}} handlers
   *   onTrack: what is sent of a kind is now this track
   */
  constructor(handlers) {
    this.#handlers = handlers;
    navigator.mediaDevices?.addEventListener('devicechange', () =>
      this.#refresh(),
    );
  }

  track(kind) {
    return this.stream.getTracks().find((t) => t.kind === kind) ?? null;
  }

  /** What others do not get of us: {audio, video}. */
  get muted() {
    return {
      audio: this.#isMuted.audio || !this.track('audio'),
      video: this.#isMuted.video || !this.track('video'),
    };
  }

  /** Ask for what can be had; never fails. */
  async open() {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.problems = { audio: 'insecure', video: 'insecure' };
      this.#handlers.onChange();
      return;
    }
    const both = await this.#ask(['audio', 'video']);
    if (both) {
      await this.#ask(['audio']);
      await this.#ask(['video']);
    }
    await this.#refresh();
  }

  /** Mute or unmute; a medium that is missing is asked for again. */
  async toggle(kind) {
    if (!this.track(kind)) {
      this.#isMuted[kind] = false;
      await this.#ask([kind]);
      await this.#refresh();
      return;
    }
    this.#isMuted[kind] = !this.#isMuted[kind];
    this.track(kind).enabled = !this.#isMuted[kind];
    this.#handlers.onChange();
  }

  /** Take the next camera; the present one is kept if that fails. */
  async switchCamera() {
    if (this.cameras.length < 2) return;
    const present = this.track('video')?.getSettings().deviceId;
    const index = this.cameras.findIndex((c) => c.deviceId === present);
    const next = this.cameras[(index + 1) % this.cameras.length];
    /* Phones open one camera at a time. */
    this.#end(this.track('video'));
    if (await this.#ask(['video'], next.deviceId))
      if (await this.#ask(['video'], present)) this.#remove('video');
    this.#handlers.onChange();
  }

  /** Whether the picture faces its viewer, to be shown as in a mirror. */
  get isMirrored() {
    return this.track('video')?.getSettings().facingMode !== 'environment';
  }

  /** Give the devices back. */
  close() {
    for (const kind of ['audio', 'video']) this.#remove(kind);
    this.#handlers.onChange();
  }

  /* Ask for some kinds; null, or why not. */
  async #ask(kinds, deviceId) {
    const wanted = { audio: false, video: false };
    for (const kind of kinds) wanted[kind] = { ...WANTED[kind] };
    if (deviceId) wanted.video.deviceId = { exact: deviceId };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wanted);
      for (const track of stream.getTracks()) this.#add(track);
      return null;
    } catch (error) {
      const reason = REASONS[error.name] ?? 'failed';
      for (const kind of kinds) this.problems[kind] = reason;
      return reason;
    }
  }

  #add(track) {
    this.#end(this.track(track.kind));
    this.stream.addTrack(track);
    this.problems[track.kind] = null;
    track.enabled = !this.#isMuted[track.kind];
    track.onended = () => this.#onEnded(track);
    this.#handlers.onTrack(track.kind, track);
  }

  #remove(kind) {
    this.#end(this.track(kind));
    this.#handlers.onTrack(kind, null);
  }

  #end(track) {
    if (!track) return;
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }

  /* Unplugged, or taken away in the browser's own settings. */
  async #onEnded(track) {
    this.#remove(track.kind);
    this.problems[track.kind] = 'missing';
    await this.#ask([track.kind]);
    await this.#refresh();
  }

  async #refresh() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.cameras = devices.filter((d) => d.kind === 'videoinput' && d.deviceId);
    this.#handlers.onChange();
  }
}
