/*
 * Checks of raw media that a pipeline writes into files: small RGB pictures
 * and mono S16LE sound. The files are read from their end while they grow.
 */

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

export const PICTURE = { width: 64, height: 48 };
export const SOUND_RATE_HZ = 8000;

const PICTURE_BYTES = PICTURE.width * PICTURE.height * 3;
const WINDOW = 4096; // samples; 2 Hz apart at 8 kHz

/** The caps of the pictures and of the sound. */
export const PICTURE_CAPS =
  `video/x-raw,format=RGB,width=${PICTURE.width},height=${PICTURE.height},` +
  'pixel-aspect-ratio=1/1';
export const SOUND_CAPS =
  `audio/x-raw,format=S16LE,rate=${SOUND_RATE_HZ},channels=1`;

/** The mean colour in the middle of the newest picture; null: none yet. */
export function newestColour(file) {
  const [picture] = lastPictures(file, 1);
  if (!picture) return null;
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = 18; y < 26; y += 1)
    for (let x = 26; x < 38; x += 1, count += 1)
      for (let c = 0; c < 3; c += 1)
        sum[c] += picture[(y * PICTURE.width + x) * 3 + c];
  return sum.map((s) => Math.round(s / count));
}

/** Whether something moved between the newest picture and five before. */
export function isMoving(file) {
  const pictures = lastPictures(file, 6);
  if (pictures.length < 6) return false;
  let changed = 0;
  for (let i = 0; i < PICTURE_BYTES; i += 3)
    if (Math.abs(pictures[0][i + 1] - pictures[5][i + 1]) > 60) changed += 1;
  return changed > 10;
}

/** The number of pictures written so far. */
export function pictureCount(file) {
  return Math.floor(sizeOf(file) / PICTURE_BYTES);
}

/** The loudest frequency (Hz) of the newest sound; 0: silence, or none. */
export function newestFrequency(file) {
  const bytes = tail(file, WINDOW * 2, 2);
  if (bytes.length < WINDOW * 2) return 0;
  const samples = new Int16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + WINDOW * 2),
  );
  let best = { hz: 0, power: 300 ** 2 };
  for (let hz = 100; hz < 2000; hz += 4) {
    const power = powerAt(samples, hz);
    if (power > best.power) best = { hz, power };
  }
  return best.hz;
}

/* Goertzel, as the square of an amplitude. */
function powerAt(samples, hz) {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / SOUND_RATE_HZ);
  let one = 0;
  let two = 0;
  for (const sample of samples) [one, two] = [sample + factor * one - two, one];
  const power = one * one + two * two - factor * one * two;
  return (4 * power) / samples.length ** 2;
}

/* The last pictures that are there as a whole, the newest first. */
function lastPictures(file, count) {
  const bytes = tail(file, PICTURE_BYTES * count, PICTURE_BYTES);
  const pictures = [];
  for (let end = bytes.length; end >= PICTURE_BYTES; end -= PICTURE_BYTES)
    pictures.push(bytes.subarray(end - PICTURE_BYTES, end));
  return pictures;
}

/* The last bytes of a file, up to a whole number of units from its start. */
function tail(file, length, unit) {
  const end = Math.floor(sizeOf(file) / unit) * unit;
  const buffer = Buffer.alloc(Math.min(length, end));
  if (!buffer.length) return buffer;
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, end - buffer.length);
  } finally {
    closeSync(descriptor);
  }
  return buffer;
}

function sizeOf(file) {
  if (!existsSync(file)) return 0;
  const descriptor = openSync(file, 'r');
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
}
