/*
 * Checks of raw media that a pipeline writes into files: small RGB pictures
 * and mono S16LE sound. The files are read from their end while they grow.
 */

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

import { WALKING, distance, isNear } from './known-media.mjs';

export const PICTURE = { width: 128, height: 96 };
export const SOUND_RATE_HZ = 8000;

const PICTURE_BYTES = PICTURE.width * PICTURE.height * 3;
const WINDOW = 4096; // samples; 2 Hz apart at 8 kHz
const TOLERANCE = 45; // of 255, as in look.mjs, and scaling
const PICTURES_APART = 5;
const PICTURES_OF_A_WALK = 15; // one second
const LEAST_WALK = 6; // of 765; a colour that stands: 2
const LEAST_CHANGED = 8; // pixels: a white ball of 6 that has moved by half
const LEAST_AMPLITUDE = 300; // of 32767

/** The caps of the pictures and of the sound. */
export const PICTURE_CAPS =
  `video/x-raw,format=RGB,width=${PICTURE.width},height=${PICTURE.height},` +
  'pixel-aspect-ratio=1/1';
export const SOUND_CAPS =
  `audio/x-raw,format=S16LE,rate=${SOUND_RATE_HZ},channels=1`;

/**
 * Where a colour is in the newest picture.
 *
 * @param {string} file
 * @param {number[] | WALKING} colour
 * @returns {{share: number, isMoving: boolean}} the share of the picture that
 *   has about this colour, and whether, since some pictures before, something
 *   moved amid it or the colour has walked
 */
export function findColour(file, colour) {
  const apart = colour === WALKING ? PICTURES_OF_A_WALK : PICTURES_APART;
  const pictures = lastPictures(file, apart + 1);
  if (pictures.length <= apart) return { share: 0, isMoving: false };
  const box = { left: Infinity, top: Infinity, right: -1, bottom: -1 };
  let count = 0;
  forEachPixel((x, y, at) => {
    const [r, g, b] = pictures[0].subarray(at, at + 3);
    if (!isNear([r, g, b], colour, TOLERANCE)) return;
    count += 1;
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  });
  const ends = [pictures[0], pictures[apart]];
  return {
    share: count / (PICTURE.width * PICTURE.height),
    isMoving:
      colour === WALKING
        ? distance(...ends.map((p) => meanOf(box, p))) >= LEAST_WALK
        : changesIn(box, ...ends) >= LEAST_CHANGED,
  };
}

function changesIn(box, one, other) {
  let changed = 0;
  forEachPixelIn(box, (at) => {
    if (Math.abs(one[at + 1] - other[at + 1]) > 60) changed += 1;
  });
  return changed;
}

function meanOf(box, picture) {
  const sum = [0, 0, 0];
  let count = 0;
  forEachPixelIn(box, (at) => {
    for (let c = 0; c < 3; c += 1) sum[c] += picture[at + c];
    count += 1;
  });
  return sum.map((s) => s / Math.max(count, 1));
}

function forEachPixelIn({ left, top, right, bottom }, visit) {
  forEachPixel((x, y, at) => {
    if (x >= left && x <= right && y >= top && y <= bottom) visit(at);
  });
}

function forEachPixel(visit) {
  for (let y = 0, at = 0; y < PICTURE.height; y += 1)
    for (let x = 0; x < PICTURE.width; x += 1, at += 3) visit(x, y, at);
}

/** The number of pictures written so far. */
export function pictureCount(file) {
  return Math.floor(sizeOf(file) / PICTURE_BYTES);
}

/** The frequencies of these (Hz) that the newest sound has in it. */
export function heardTones(file, tones) {
  const bytes = tail(file, WINDOW * 2, 2);
  if (bytes.length < WINDOW * 2) return [];
  const samples = new Int16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + WINDOW * 2),
  );
  const isHeard = (hz) =>
    [hz - 2, hz, hz + 2].some((f) => powerAt(samples, f) > LEAST_AMPLITUDE ** 2);
  return tones.filter(isHeard);
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
