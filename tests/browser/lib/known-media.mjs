/*
 * A camera and a microphone of which we know what they show and sound like:
 * one colour with a white bar that moves through the lower quarter, one tone.
 * Chromium takes the files with --use-file-for-fake-video-capture and
 * --use-file-for-fake-audio-capture and plays them round and round. Firefox
 * takes no file; what its own camera shows is WALKING.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WIDTH = 320;
const HEIGHT = 240;
const FRAMES = 15; // one second
const BAR_PX = 32;
const RATE_HZ = 48000;

/**
 * Stands for a colour: the picture of Firefox's fake camera has one, of middle
 * brightness, and steps with every frame along the rim of all hues.
 */
export const WALKING = 'walking';

const RIM = walkRim();

const folders = [];

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when this process ends. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'peal-browser-'));
  folders.push(folder);
  return folder;
}

/** Write a camera file of this colour ([r, g, b]); returns its path. */
export function makeCamera(folder, rgb) {
  const parts = [
    Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES}:1 Ip A1:1 C420jpeg\n`),
  ];
  for (let frame = 0; frame < FRAMES; frame += 1)
    parts.push(Buffer.from('FRAME\n'), pictureOf(rgb, frame));
  const file = join(folder, `camera-${rgb.join('-')}.y4m`);
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** Write a microphone file of this tone; returns its path. */
export function makeMicrophone(folder, hz) {
  const samples = Buffer.alloc(RATE_HZ * 2);
  for (let i = 0; i < RATE_HZ; i += 1) {
    const value = Math.sin((2 * Math.PI * Math.round(hz) * i) / RATE_HZ);
    samples.writeInt16LE(Math.round(value * 12000), i * 2);
  }
  const file = join(folder, `microphone-${hz}.wav`);
  writeFileSync(file, Buffer.concat([waveHead(samples.length), samples]));
  return file;
}

/**
 * @param {number[]} rgb
 * @param {number[] | WALKING} wanted
 * @param {number} tolerance of each of the three, of 255
 */
export function isNear(rgb, wanted, tolerance) {
  const points = wanted === WALKING ? RIM : [wanted];
  return points.some((point) =>
    point.every((c, i) => Math.abs(c - rgb[i]) <= tolerance));
}

/** How far it is from one colour to another. */
export function distance(one, other) {
  return one.reduce((sum, c, i) => sum + Math.abs(c - other[i]), 0);
}

/* Y 128 (0x80), with Cb or Cr, or both, at an end of 16 to 240. */
function walkRim() {
  const points = [];
  for (let step = 16; step <= 240; step += 8)
    for (const end of [16, 240])
      points.push(rgbOf(128, step, end), rgbOf(128, end, step));
  return points;
}

/* BT.601, limited range. */
function rgbOf(y, cb, cr) {
  const [grey, b, r] = [1.164 * (y - 16), cb - 128, cr - 128];
  return [grey + 1.596 * r, grey - 0.813 * r - 0.392 * b, grey + 2.017 * b].map(
    (c) => Math.round(Math.min(255, Math.max(0, c))),
  );
}

function pictureOf(rgb, frame) {
  const [y, u, v] = limitedYuv(rgb);
  const luma = Buffer.alloc(WIDTH * HEIGHT, y);
  const left = Math.floor(((WIDTH - BAR_PX) * frame) / FRAMES);
  for (let row = Math.floor(HEIGHT * 0.75); row < HEIGHT; row += 1)
    luma.fill(235, row * WIDTH + left, row * WIDTH + left + BAR_PX);
  const chroma = (WIDTH * HEIGHT) / 4;
  return Buffer.concat([luma, Buffer.alloc(chroma, u), Buffer.alloc(chroma, v)]);
}

/* BT.601, limited range. */
function limitedYuv([r, g, b]) {
  return [
    16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255,
    128 + (-37.797 * r - 74.203 * g + 112 * b) / 255,
    128 + (112 * r - 93.786 * g - 18.214 * b) / 255,
  ].map(Math.round);
}

function waveHead(bytes) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // mono
  head.writeUInt32LE(RATE_HZ, 24);
  head.writeUInt32LE(RATE_HZ * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
