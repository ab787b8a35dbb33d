/*
 * A real pealbin in a real gst-launch-1.0 line, with a test picture and a
 * test tone going in and mix_video and mix_audio coming out into files that
 * Node checks. Bus messages are printed (-m), so that words can be waited for.
 */

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { scratchFolder } from './known-media.mjs';
import { Program } from './process.mjs';
import {
  PICTURE_CAPS,
  SOUND_CAPS,
  findColour,
  heardTones,
  pictureCount,
} from './raw-media.mjs';
import { waitUntil } from './wait.mjs';

const CAMERA_CAPS =
  'video/x-raw,format=I420,width=320,height=240,framerate=15/1';
const ALL_TONES_HZ = [330, 440, 660, 880, 1200]; // that tests may use

/** Whether this build has the element. */
export function hasElement() {
  return spawnSync('gst-inspect-1.0', ['pealbin']).status === 0;
}

/** A port of the loopback that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {{serve?: string, uri?: string, name: string, colour: number[],
 *   hz: number, settings?: string, encoder?: string, second?: Object}} options
 *   address to serve on or room to call; colour and tone of what it sends;
 *   further properties of pealbin; elements that encode its picture, like
 *   'x264enc ! h264parse'; colour and encoder of a second picture
 * @returns {Element}
 */
export function startElement(options) {
  const folder = scratchFolder();
  const files = {
    picture: join(folder, `${options.name}.rgb`),
    sound: join(folder, `${options.name}.pcm`),
  };
  const line = [describeCall(options), describeMixes(files)].join(' ');
  return new Element(new Program('gst-launch-1.0', line.split(' ')), files);
}

function describeCall({ serve, uri, name, hz, settings, second, ...camera }) {
  return [
    `-m pealbin name=call peer-name=${name}`,
    serve ? `serve=${serve}` : `uri=${uri}`,
    ...(settings ? [settings] : []),
    describeCamera(camera),
    ...(second ? [describeCamera(second)] : []),
    `audiotestsrc is-live=true volume=0.3 freq=${hz} ! call.`,
  ].join(' ');
}

function describeCamera({ colour, encoder }) {
  const hex = colour.map((c) => c.toString(16).padStart(2, '0')).join('');
  return [
    `videotestsrc is-live=true pattern=ball background-color=0xff${hex}`,
    CAMERA_CAPS,
    ...(encoder ? [encoder] : []),
    'call.',
  ].join(' ! ');
}

function describeMixes({ picture, sound }) {
  const sink = 'filesink buffer-mode=unbuffered sync=false location=';
  return [
    `call.mix_video ! ${CAMERA_CAPS} ! videoconvert ! videoscale !`,
    `${PICTURE_CAPS} ! ${sink}${picture}`,
    `call.mix_audio ! audioconvert ! audioresample !`,
    `${SOUND_CAPS} ! ${sink}${sound}`,
  ].join(' ');
}

class Element {
  #files;

  constructor(program, files) {
    this.program = program;
    this.#files = files;
  }

  /** Wait until mix_video shows one picture, of this colour, and moving. */
  waitForPicture(colour) {
    return this.waitForPictures([colour]);
  }

  /** Wait until mix_video shows one picture of each colour, all moving. */
  async waitForPictures(colours) {
    const [least, most] = colours.length === 1 ? [0.6, 1] : [0.12, 0.35];
    let seen = [];
    await waitUntil(`mix_video in ${colours.join(' and ')}`, () => {
      seen = colours.map((colour) => findColour(this.#files.picture, colour));
      return seen.every(
        ({ share, isMoving }) => isMoving && share >= least && share <= most,
      );
    }).catch((error) => this.#explain(error, `seen: ${JSON.stringify(seen)}`));
  }

  /** Wait until mix_audio has this tone, and no other of a test. */
  waitForTone(hz) {
    return this.waitForTones([hz]);
  }

  /** Wait until mix_audio has these tones, and no other of a test. */
  async waitForTones(tones) {
    const wanted = [...tones].sort().join();
    let heard = [];
    await waitUntil(`mix_audio at ${tones} Hz`, () => {
      heard = heardTones(this.#files.sound, ALL_TONES_HZ);
      return [...heard].sort().join() === wanted;
    }).catch((error) => this.#explain(error, `heard: ${heard} Hz`));
  }

  /** Pictures that mix_video has given so far. */
  get pictures() {
    return pictureCount(this.#files.picture);
  }

  /** End it; what it has written, half a megabyte a second, is gone then. */
  async stop(signal) {
    const status = await this.program.stop(signal);
    for (const file of Object.values(this.#files)) rmSync(file, { force: true });
    return status;
  }

  #explain(error, fact) {
    const tail = this.program.lines.slice(-10).join('\n  ');
    throw new Error(`${error.message}; ${fact}\n  ${tail}`);
  }
}
