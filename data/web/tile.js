/*
 * One person on the stage: picture and sound, or a letter; name, mute badge,
 * state in words. Further pictures of the same person stand beside it as
 * tiles without sound. Also the tile in which we see ourselves.
 */

import { icon, make, setText } from './dom.js';
import { fitFor } from './grid.js';
import { initialOf, peerWords, wayWords } from './words.js';

const HUES = 12;

export class Tile {
  #video = make('video');
  #letter = make('span', 'letter');
  #name = make('span', 'name');
  #muteBadge = make('span', 'badge', icon('mic-off'));
  #way = make('span', 'way');
  #word = make('p', 'word');

  /**
   * @param {HTMLElement} element the tile, empty
   * @param {{isSilent: boolean, onShape: () => void,
   *   onBlocked?: () => void}} options what to do when the picture has got
   *   another shape, and when the browser wants a tap before it plays
   */
  constructor(element, { isSilent, onShape, onBlocked = () => {} }) {
    this.element = element;
    this.onBlocked = onBlocked;
    this.#video.playsInline = true;
    this.#video.autoplay = true;
    this.#video.muted = isSilent;
    this.#video.disablePictureInPicture = true;
    this.#video.tabIndex = -1; /* Firefox lets Tab stop at pictures */
    this.#video.addEventListener('resize', () => onShape());
    this.#muteBadge.setAttribute('role', 'img');
    this.#muteBadge.setAttribute('aria-label', 'microphone is muted');
    this.#muteBadge.hidden = true;
    const label = make('p', 'label', this.#muteBadge, this.#name, this.#way);
    element.append(this.#letter, this.#video, this.#word, label);
  }

  /**
   * @param {{name: string, state: string, stream: ?MediaStream,
   *   hasPicture: boolean, isMuted: boolean, way: ?object, fault: ?string}}
   *   shown
   */
  show({ name, state, stream, hasPicture, isMuted, way, fault }) {
    setText(this.#name, name);
    setText(this.#letter, initialOf(name));
    setText(this.#word, peerWords(state, fault));
    setText(this.#way, wayWords(way));
    this.#way.title = way ? `${way.local} to ${way.remote}` : '';
    this.#video.setAttribute('aria-label', `Picture of ${name}`);
    this.#muteBadge.hidden = !isMuted;
    this.element.dataset.state = state;
    this.element.dataset.hue = hueOf(name);
    this.element.classList.toggle('has-picture', hasPicture);
    /* An empty stream would hold up the page's load event. */
    const played = stream?.getTracks().length ? stream : null;
    if (this.#video.srcObject !== played) this.#play(played);
  }

  /** Try (again) to play; called from a tap when the browser asked for one. */
  async play() {
    if (!this.#video.srcObject) return;
    try {
      await this.#video.play();
    } catch (error) {
      if (error.name === 'NotAllowedError') this.onBlocked();
    }
  }

  /** Width by height of the picture, or null. */
  get pictureRatio() {
    const { videoWidth, videoHeight } = this.#video;
    const isShown = this.element.classList.contains('has-picture');
    return isShown && videoHeight ? videoWidth / videoHeight : null;
  }

  /** Fill the tile where little is cut away, else show all of the picture. */
  fit() {
    const { clientWidth, clientHeight } = this.element;
    const picture = this.pictureRatio;
    if (!picture || !clientHeight) return;
    this.#video.style.objectFit = fitFor(picture, clientWidth / clientHeight);
  }

  close() {
    this.#video.srcObject = null;
    this.element.remove();
  }

  #play(stream) {
    this.#video.srcObject = stream;
    this.play();
  }
}

/** The pictures of a stream that are arriving now. */
export function livePictures(stream) {
  return (stream?.getVideoTracks() ?? []).filter(
    (track) => track.readyState === 'live' && !track.muted,
  );
}

function hueOf(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 997;
  return String(sum % HUES);
}
