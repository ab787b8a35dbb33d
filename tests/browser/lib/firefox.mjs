/*
 * A real Firefox, driven by WebDriver BiDi, with the fake camera and the fake
 * microphone that are built into it: a picture of one colour that walks (see
 * WALKING in known-media.mjs) and a tone. Browser and pages answer to those
 * calls of Playwright's that lib/ uses, so that openPage(), joinRoom() and all
 * checks are the same as for Chromium.
 */

import { existsSync } from 'node:fs';

import { loadModule, skipAll } from './browser.mjs';
import { scratchFolder } from './known-media.mjs';
import { hasPulse, startPulse } from './pulse.mjs';

const FIREFOX = process.env.PEAL_FIREFOX ?? '/usr/bin/firefox-esr';

const { default: puppeteer } = await loadModule('puppeteer-core');

/* The camera, the microphone, and the way between members of one machine. */
const MEDIA = {
  'media.navigator.streams.fake': true,
  'media.navigator.video.default_width': 320,
  'media.navigator.video.default_height': 240,
  'media.navigator.video.default_fps': 15,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};

/* What Firefox says to the world by itself, beyond what puppeteer silences. */
const SILENCE = {
  'app.normandy.enabled': false,
  'browser.region.network.url': '',
  'dom.push.connection.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'media.gmp-manager.url': '',
  'media.gmp-provider.enabled': false, // OpenH264 and Widevine
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'network.proxy.type': 0,
  'network.trr.mode': 5,
  'nimbus.rollouts.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
  'toolkit.telemetry.unified': false,
};

/* Keys that puppeteer knows by no name. */
const KEYS = { Space: ' ' };

/* Firefox reports these as if the page had thrown them. */
const SOCKET_TROUBLE = /connection to .* at ws|connection to ws.* interrupted/;

/**
 * @param {{hz?: number, grants?: boolean, prefs?: object}} [options] what the
 *   microphone gives; whether the person lets the page have camera and
 *   microphone; more preferences
 * @returns {Promise<Browser>} to be closed
 */
export async function startFirefox({
  hz = 440,
  grants = true,
  prefs = {},
} = {}) {
  if (!existsSync(FIREFOX)) skipAll(`${FIREFOX} is not installed`);
  if (!hasPulse()) skipAll('PulseAudio is not installed');
  const pulse = await startPulse();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    acceptInsecureCerts: true,
    env: {
      ...process.env,
      HOME: scratchFolder(),
      MOZ_REMOTE_SETTINGS_DEVTOOLS: '1', // or it has its own server only
      PULSE_SERVER: pulse.address,
    },
    extraPrefsFirefox: {
      ...MEDIA,
      ...SILENCE,
      ...permissions(grants),
      'media.navigator.audio.fake_frequency': hz,
      ...prefs,
    },
  });
  return new Browser(browser, pulse);
}

/* 0 asks, 1 allows, 2 refuses; who has granted the microphone may play. */
function permissions(grants) {
  return {
    'media.navigator.permission.disabled': grants,
    'permissions.default.camera': grants ? 1 : 2,
    'permissions.default.microphone': grants ? 1 : 2,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
  };
}

class Browser {
  #browser;
  #pulse;

  constructor(browser, pulse) {
    this.#browser = browser;
    this.#pulse = pulse;
  }

  /* A window each: what stands in a hidden tab gets no frames. */
  async newContext({ viewport }) {
    const context = await this.#browser.createBrowserContext();
    return {
      newPage: async () => {
        const page = new Page(await context.newPage({ type: 'window' }));
        await page.setViewportSize(viewport);
        return page;
      },
    };
  }

  async close() {
    await this.#browser.close();
    await this.#pulse.stop();
  }
}

class Page {
  #page;

  constructor(page) {
    this.#page = page;
    this.keyboard = {
      press: (key) => page.keyboard.press(KEYS[key] ?? key),
      down: (key) => page.keyboard.down(key),
      up: (key) => page.keyboard.up(key),
      type: (text) => page.keyboard.type(text),
    };
  }

  on(event, handler) {
    this.#page.on(event, (what) => {
      if (!SOCKET_TROUBLE.test(what.message)) handler(what);
    });
  }

  addInitScript(script) {
    return this.#page.evaluateOnNewDocument(script);
  }

  goto(url) {
    return this.#page.goto(url);
  }

  evaluate(script, argument) {
    return this.#page.evaluate(script, argument);
  }

  click(selector) {
    return this.#page.click(selector);
  }

  fill(selector, text) {
    return this.#page.locator(selector).fill(text);
  }

  isHidden(selector) {
    return this.#page.$eval(selector, (element) => !element.checkVisibility());
  }

  textContent(selector) {
    return this.#page.$eval(selector, (element) => element.textContent);
  }

  setViewportSize({ width, height }) {
    return this.#page.setViewport({ width, height });
  }

  screenshot(options) {
    return this.#page.screenshot(options);
  }

  close() {
    return this.#page.close();
  }
}
