/*
 * A real Chromium with a known camera and microphone, and pages of ours in
 * it. The camera and the microphone belong to the browser process, so members
 * that must differ need a browser each.
 */

import { existsSync } from 'node:fs';

import { makeCamera, makeMicrophone, scratchFolder } from './known-media.mjs';
import { waitUntil } from './wait.mjs';

const CHROMIUM = process.env.PEAL_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
];

const folder = scratchFolder();
const { chromium } = await loadModule('playwright-core');

/** Import a node module. A tree without them skips these tests and says how to
 * run them; ./dev check installs the modules first. */
export async function loadModule(name) {
  try {
    return await import(name);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return skipAll('run "npm ci" in tests/browser, or ./dev check');
  }
}

/** Report to TAP that nothing here can run, and end. */
export function skipAll(reason) {
  console.log(`TAP version 13\n1..0 # SKIP ${reason}`);
  process.exit(0);
}

/**
 * @param {{colour?: number[], hz?: number, cameras?: number,
 *   grants?: boolean, needsTap?: boolean, flags?: string[]}} [options] what
 *   camera and microphone give; how many cameras there are (with more than
 *   one they show Chromium's own test picture); whether the person lets the
 *   page have them; whether sound waits for a tap
 * @returns {Promise<import('playwright-core').Browser>} to be closed
 */
export async function startBrowser({
  colour = [200, 40, 40],
  hz = 440,
  cameras = 1,
  grants = true,
  needsTap = false,
  flags = [],
} = {}) {
  if (!existsSync(CHROMIUM)) skipAll(`${CHROMIUM} is not installed`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...FLAGS,
      ...flags,
      `--use-fake-device-for-media-stream=device-count=${cameras}`,
      ...(cameras > 1
        ? []
        : [`--use-file-for-fake-video-capture=${makeCamera(folder, colour)}`]),
      `--use-file-for-fake-audio-capture=${makeMicrophone(folder, hz)}`,
      `--use-fake-ui-for-media-stream${grants ? '' : '=deny'}`,
      needsTap
        ? '--autoplay-policy=user-gesture-required'
        : '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/**
 * Open the page at a path like '/lobby?name=Alice'; anything it throws or
 * any resource it is refused fails the test that closes it.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{width?: number, height?: number}} [size] of the screen
 */
export async function openPage(browser, url, size = {}) {
  const viewport = { width: 1280, height: 800, ...size };
  const context = await browser.newContext({
    viewport,
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  await page.addInitScript(keepCalls);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => {
    const isRefusal = /Content Security Policy|\b404\b/.test(message.text());
    if (isRefusal) page.faults.push(message.text());
  });
  await page.goto(url);
  return page;
}

/* Runs in the page before it: window.pealCalls are its RTCPeerConnections, so
 * that a test can break one, or only its data channels, and ask when it was connected and when its first
 * picture was there (connectedAt, pictureAt; ms of the page's clock). A busy
 * page hears of "connected" late, and the time to the picture would come out
 * too short: ICE, which is connected before, counts as well. */
function keepCalls() {
  const Real = window.RTCPeerConnection;
  window.pealCalls = [];
  window.RTCPeerConnection = class extends Real {
    #channels = [];

    constructor(...args) {
      super(...args);
      this.addEventListener('datachannel', ({ channel }) => this.#keep(channel));
      window.pealCalls.push(this);
      for (const what of ['connectionState', 'iceConnectionState'])
        this.addEventListener(`${what.toLowerCase()}change`, () => {
          if (['connected', 'completed'].includes(this[what]))
            this.connectedAt ??= performance.now();
        });
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'video') this.#waitForFrame(track);
      });
    }

    createDataChannel(...args) {
      return this.#keep(super.createDataChannel(...args));
    }

    closeChannels() {
      for (const channel of this.#channels) channel.close();
    }

    #keep(channel) {
      this.#channels.push(channel);
      return channel;
    }

    #waitForFrame(track) {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      const onFrame = (_, { rtpTimestamp }) => {
        if (rtpTimestamp === undefined) {
          video.requestVideoFrameCallback(onFrame);
          return;
        }
        this.pictureAt ??= performance.now();
        video.srcObject = null;
      };
      video.requestVideoFrameCallback(onFrame);
      video.play().catch(() => {});
    }
  };
}

/**
 * A question to the page that does not count as a touch of the person, as
 * page.evaluate does.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<(expression: string) => Promise<any>>}
 */
export async function quietly(page) {
  const session = await page.context().newCDPSession(page);
  return async (expression) => {
    const options = { expression, returnByValue: true, userGesture: false };
    const answer = await session.send('Runtime.evaluate', options);
    return answer.result.value;
  };
}

/**
 * Open the page as a member with this name and wait until it is in.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{url: string}} server
 * @param {string} name
 * @param {{room?: string, query?: string, size?: object}} [options]
 */
export async function joinRoom(browser, server, name, options = {}) {
  const { room = 'lobby', query = '', size } = options;
  const who = `?name=${encodeURIComponent(name)}${query}`;
  const page = await openPage(browser, `${server.url}/${room}${who}`, size);
  await waitUntil(`${name} is in the room`, () => isJoined(page));
  return page;
}

export function isJoined(page) {
  return page.evaluate(() => window.peal?.state === 'joined');
}
