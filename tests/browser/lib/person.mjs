/*
 * A person at the page: what is pressed and typed, and what can be read.
 */

/** Write to everyone. */
export async function say(page, text) {
  if (await page.isHidden('#chat')) await page.click('#chat-toggle');
  await page.fill('#chat-text', text);
  await page.keyboard.press('Enter');
}

/** What was said, oldest first: [name, text]. */
export function chatOf(page) {
  return page.evaluate(() =>
    window.peal.chat.map(({ name, text }) => [name, text]));
}

/** The tiles of a peer: one, unless something is wrong. */
export function tileOf(page, name) {
  return page.locator('#grid .tile', { hasText: name });
}

/** Where the tile of a peer is: {x, y, width, height}; null: there is none. */
export function tileBox(page, name) {
  return page.evaluate((wanted) => {
    const tiles = [...document.querySelectorAll('#grid .tile')];
    const tile = tiles.find((one) => one.textContent.includes(wanted));
    if (!tile) return null;
    const { x, y, width, height } = tile.getBoundingClientRect();
    return { x, y, width, height };
  }, name);
}

/** Whether the tile of a peer says that its microphone is muted. */
export function isShownMuted(page, name) {
  return page.evaluate((wanted) => {
    const badges = [...document.querySelectorAll('#grid .tile .badge')];
    const badge = badges.find((one) =>
      one.closest('.tile').textContent.includes(wanted));
    return Boolean(badge?.checkVisibility());
  }, name);
}

/** What is wider than the screen: [by how many pixels, ...which elements];
 * [0]: nothing. */
export function overflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > clientWidth + 1 || box.left < -1);
    });
    return [scrollWidth - clientWidth, ...wide.map((e) => e.id || e.className)];
  });
}

/** Make a page that has one peer offer it a new session, whoever's turn it
 * is: what nobody presses, and what happens when a connection breaks. */
export function offerAnew(page) {
  return page.evaluate(() => {
    const [peer] = window.peal.peers.values();
    peer.offers = false;
    peer.start();
  });
}

/** How many others there are in the grid. */
export function tileCount(page) {
  return page.evaluate(() => document.querySelectorAll('#grid .tile').length);
}
