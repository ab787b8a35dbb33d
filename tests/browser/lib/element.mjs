/*
 * A real pealbin in a real gst-launch-1.0 line, with a test picture and a
 * test tone going in and mix_video and mix_audio coming out into files that
 * Node checks. Bus messages are printed (-m), so that words can be waited for.
 */

import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { scratchFolder } from './known-media.mjs';
import { Program } from './process.mjs';
import {
  PICTURE_CAPS,
  SOUND_CAPS,
  isMoving,
  newestColour,
  newestFrequency,
  pictureCount,
} from './raw-media.mjs';
import { waitUntil } from './wait.mjs';

const TOLERANCE = 45; // of 255, as in look.mjs, and scaling
const TONE_TOLERANCE_HZ = 15;

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
 * @param {{serve?: string, uri?: string, name: string, video: string,
 *   audio: string}} options address to serve on or room to call; properties
 *   of videotestsrc and of audiotestsrc, like 'pattern=red' and 'freq=660'
 * @returns {Element}
 */
export function startElement({ serve, uri, name, video, audio }) {
  const folder = scratchFolder();
  const files = {
    picture: join(folder, `${name}.rgb`),
    sound: join(folder, `${name}.pcm`),
  };
  const where = serve ? `serve=${serve}` : `uri=${uri}`;
  const line =
    `-m pealbin name=call ${where} peer-name=${name} ` +
    `videotestsrc is-live=true ${video} ! ` +
    'video/x-raw,width=320,height=240,framerate=30/1 ! call. ' +
    `audiotestsrc is-live=true ${audio} ! call. ` +
    `call.mix_video ! videoconvert ! videoscale ! ${PICTURE_CAPS} ! ` +
    `filesink buffer-mode=unbuffered sync=false location=${files.picture} ` +
    `call.mix_audio ! audioconvert ! audioresample ! ${SOUND_CAPS} ! ` +
    `filesink buffer-mode=unbuffered sync=false location=${files.sound}`;
  return new Element(new Program('gst-launch-1.0', line.split(' ')), files);
}

class Element {
  #files;

  constructor(program, files) {
    this.program = program;
    this.#files = files;
  }

  /** Wait until mix_video shows this colour in its middle, and moves. */
  async waitForPicture(colour) {
    let seen = null;
    await waitUntil(`mix_video in ${colour}`, () => {
      seen = newestColour(this.#files.picture);
      const isNear = (value, i) => Math.abs(value - colour[i]) <= TOLERANCE;
      return seen?.every(isNear) && isMoving(this.#files.picture);
    }).catch((error) => this.#explain(error, `seen: ${seen}`));
  }

  /** Wait until mix_audio has this tone as its loudest. */
  async waitForTone(hz) {
    let heard = 0;
    await waitUntil(`mix_audio at ${hz} Hz`, () => {
      heard = newestFrequency(this.#files.sound);
      return Math.abs(heard - hz) <= TONE_TOLERANCE_HZ;
    }).catch((error) => this.#explain(error, `heard: ${heard} Hz`));
  }

  /** Pictures that mix_video has given so far. */
  get pictures() {
    return pictureCount(this.#files.picture);
  }

  stop(signal) {
    return this.program.stop(signal);
  }

  #explain(error, fact) {
    const tail = this.program.lines.slice(-10).join('\n  ');
    throw new Error(`${error.message}; ${fact}\n  ${tail}`);
  }
}
