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

/** How many others there are in the grid. */
export function tileCount(page) {
  return page.locator('#grid .tile').count();
}
