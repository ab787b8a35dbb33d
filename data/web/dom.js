/*
 * A few lines to make and find elements; text is always set as text.
 */

const SVG = 'http://www.w3.org/2000/svg';

export function byId(id) {
  return document.getElementById(id);
}

/** An element with a class and children (strings become text). */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** An icon of index.html's set; its words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function setIcon(element, name) {
  element.querySelector('use').setAttribute('href', `#icon-${name}`);
}

/** Set text only when it differs, so that live regions stay quiet. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Say something to a screen reader. */
export function speak(text) {
  byId('spoken').textContent = text;
}
