/*
 * What a page sees, hears and knows: checks that run inside the page, on the
 * streams behind `window.peal` (its documentation stands in data/web/main.js).
 * The page is asked by the name of a peer.
 */

import { WALKING, distance, isNear } from './known-media.mjs';
import { waitUntil } from './wait.mjs';

const TOLERANCE = 40; // of 255: video coding and colour matrices
const TONE_TOLERANCE_HZ = 15;
const LEAST_WALK = 12; // of 765: three frames; a colour that stands: 2

/** The state of the call with a peer, or null when it is not there. */
export function peerState(page, name) {
  return page.evaluate((wanted) => {
    const peers = [...window.peal.peers.values()];
    return peers.find((peer) => peer.name === wanted)?.state ?? null;
  }, name);
}

/** The session of the call with a peer. */
export function peerSession(page, name) {
  return page.evaluate((wanted) => {
    const peers = [...window.peal.peers.values()];
    return peers.find((peer) => peer.name === wanted)?.session ?? null;
  }, name);
}

export function waitForState(page, name, state) {
  return waitUntil(
    `${name} is ${state}`,
    async () => (await peerState(page, name)) === state,
  );
}

/**
 * Two looks at a peer's picture, a few frames apart.
 *
 * @returns {Promise<?{colour: number[], isMoving: boolean, width: number,
 *   height: number}>} the mean colour of the upper half; null: no picture
 */
export function lookAt(page, name) {
  return page.evaluate(lookInPage, name);
}

/** Wait until the page sees the peer in this colour, and moving; with WALKING
 * for the colour, until it has walked. */
export async function waitForPicture(page, name, colour) {
  let seen = null;
  let first = null;
  const isSo = async () => {
    seen = await lookAt(page, name);
    if (!seen || !isNear(seen.colour, colour, TOLERANCE)) return false;
    first ??= seen.colour;
    return colour === WALKING
      ? distance(first, seen.colour) >= LEAST_WALK
      : seen.isMoving;
  };
  await waitUntil(`a picture of ${name} in ${colour}`, isSo).catch((error) => {
    throw new Error(`${error.message}; seen: ${JSON.stringify(seen)}`);
  });
  return seen;
}

/** Wait until the loudest frequency that comes from the peer is this one. */
export async function waitForTone(page, name, hz) {
  let heard = null;
  const isSo = async () => {
    heard = await page.evaluate(listenInPage, name);
    return heard !== null && Math.abs(heard.hz - hz) <= TONE_TOLERANCE_HZ;
  };
  await waitUntil(`a tone of ${hz} Hz from ${name}`, isSo).catch((error) => {
    throw new Error(`${error.message}; heard: ${JSON.stringify(heard)}`);
  });
}

/** How many frames of the peer's picture were decoded. */
export async function framesSeen(page, name) {
  return (await receivedOf(page, name, 'video'))?.framesDecoded ?? 0;
}

/** The codec that comes from the peer, like 'video/vp8'; null: none yet. */
export async function codecOf(page, name, kind) {
  return (await receivedOf(page, name, kind))?.codec?.toLowerCase() ?? null;
}

/** The codecs of all pictures that come from the peer and are decoded. */
export function videoCodecsOf(page, name) {
  const look = async (wanted) => {
    const peers = [...window.peal.peers.values()];
    const stats =
      (await peers.find((peer) => peer.name === wanted)?.stats()) ?? [];
    const codecOfRow = ({ codecId }) => stats.find(({ id }) => id === codecId);
    return stats
      .filter((s) => s.type === 'inbound-rtp' && s.framesDecoded > 0)
      .map((s) => codecOfRow(s).mimeType.toLowerCase())
      .sort();
  };
  return page.evaluate(look, name);
}

/** The colours of the upper half of each picture of others that is shown. */
export function coloursShown(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    return [...document.querySelectorAll('#grid .tile video')].map((video) => {
      context.drawImage(video, 0, 0, 4, 4);
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    });
  });
}

/** How many frames the page has sent to its peers. */
export function framesSent(page) {
  return page.evaluate(async () => {
    const peers = [...window.peal.peers.values()];
    const stats = (await Promise.all(peers.map((peer) => peer.stats()))).flat();
    const sent = stats.filter(
      (s) => s.type === 'outbound-rtp' && s.kind === 'video',
    );
    return sent.reduce((sum, s) => sum + (s.framesSent ?? 0), 0);
  });
}

/* The statistics of what comes from the peer, with the name of its codec. */
function receivedOf(page, name, kind) {
  const look = async ([wanted, wantedKind]) => {
    const peers = [...window.peal.peers.values()];
    const stats =
      (await peers.find((peer) => peer.name === wanted)?.stats()) ?? [];
    const received = stats.find(
      (s) => s.type === 'inbound-rtp' && s.kind === wantedKind,
    );
    const codec = stats.find((s) => s.id === received?.codecId);
    return received ? { ...received, codec: codec?.mimeType ?? null } : null;
  };
  return page.evaluate(look, [name, kind]);
}

/**
 * Note from now on how long the peer's picture stands still between frames.
 *
 * @returns {Promise<() => Promise<number>>} the longest such time so far, ms
 */
export async function watchForGaps(page, name) {
  await page.evaluate(watchInPage, name);
  return () =>
    page.evaluate((wanted) => {
      const { longest, last } = window.pealGaps.get(wanted);
      return Math.round(Math.max(longest, performance.now() - last));
    }, name);
}

/* ---- these run inside the page ---- */

function watchInPage(wanted) {
  const tiles = [...document.querySelectorAll('#grid .tile')];
  const tile = tiles.find((one) => one.textContent.includes(wanted));
  const video = tile.querySelector('video');
  const gaps = { longest: 0, last: performance.now() };
  const onFrame = (now) => {
    gaps.longest = Math.max(gaps.longest, now - gaps.last);
    gaps.last = now;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  window.pealGaps ??= new Map();
  window.pealGaps.set(wanted, gaps);
}

async function lookInPage(wanted) {
  const peers = [...window.peal.peers.values()];
  const stream = peers.find((peer) => peer.name === wanted)?.stream;
  /* A track whose connection rolled an offer back stays "muted" in Chromium,
   * whatever it shows. */
  const tracks = stream?.getVideoTracks() ?? [];
  const track = tracks.find((t) => !t.muted) ?? tracks[0];
  if (!track) return null;
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  /* Of a track that brings nothing, neither playing nor a frame begins. */
  const within = (promise) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), 1000);
      promise.then(() => true, () => false).then((is) => {
        clearTimeout(timer);
        resolve(is);
      });
    });
  const frame = () =>
    within(new Promise((resolve) => video.requestVideoFrameCallback(resolve)));
  const grab = () => {
    const { videoWidth: width, videoHeight: height } = video;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(video, 0, 0);
    return context.getImageData(0, 0, width, height);
  };
  try {
    /* Aborted: the track has been replaced, as a new session does. */
    if (!(await within(video.play())) || !(await frame())) return null;
    const first = grab();
    for (let i = 0; i < 4; i += 1) if (!(await frame())) break;
    const second = grab();
    const sum = [0, 0, 0];
    const upper = Math.floor(second.height / 2) * second.width;
    for (let i = 0; i < upper * 4; i += 4)
      for (let c = 0; c < 3; c += 1) sum[c] += second.data[i + c];
    let changed = 0;
    for (let i = 0; i < second.data.length; i += 4)
      if (Math.abs(second.data[i + 1] - first.data[i + 1]) > 60) changed += 1;
    return {
      colour: sum.map((s) => Math.round(s / upper)),
      isMoving: changed > second.width,
      width: second.width,
      height: second.height,
    };
  } finally {
    video.srcObject = null;
  }
}

/* One ear per stream, kept between looks: its window fills by itself. */
async function listenInPage(wanted) {
  const peers = [...window.peal.peers.values()];
  const stream = peers.find((peer) => peer.name === wanted)?.stream;
  if (!stream?.getAudioTracks().length) return null;
  window.pealEars ??= { context: new AudioContext(), byStream: new Map() };
  const { context, byStream } = window.pealEars;
  await context.resume();
  for (const [id, { source }] of byStream)
    if (!source.mediaStream.active) {
      source.disconnect();
      byStream.delete(id);
    }
  if (!byStream.has(stream.id)) {
    const ear = new AnalyserNode(context, {
      fftSize: 8192,
      smoothingTimeConstant: 0,
    });
    const source = context.createMediaStreamSource(stream);
    source.connect(ear);
    byStream.set(stream.id, { ear, source });
  }
  const { ear } = byStream.get(stream.id);
  const levels = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  if (!(levels[loudest] > -70)) return { hz: 0, level: levels[loudest] };
  const hz = (loudest * context.sampleRate) / ear.fftSize;
  return { hz: Math.round(hz), level: Math.round(levels[loudest]) };
}
