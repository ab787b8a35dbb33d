/*
 * The grid of everyone, laid out to show the most picture, and what stands
 * over it: ourselves, the word for being alone, the tap that browsers want
 * before they play sound.
 */

import { byId, make } from './dom.js';
import { bestGrid, ratioRange } from './grid.js';
import { Tile, livePictures } from './tile.js';

const GAP_PX = 10; // as in style.css

export class Stage {
  #grid = byId('grid');
  #tiles = new Map();
  #self = [];

  constructor() {
    for (const id of ['self', 'preview'])
      this.#self.push(this.#newTile(byId(id), true));
    byId('unblock').addEventListener('click', () => this.#unblock());
    new ResizeObserver(() => this.#layOut()).observe(this.#grid);
  }

  /** Show exactly these peers. */
  showPeers(peers) {
    const wanted = new Set();
    for (const peer of peers.values())
      for (const key of this.#showPeer(peer)) wanted.add(key);
    for (const [key, tile] of this.#tiles)
      if (!wanted.has(key)) this.#remove(key, tile);
    byId('alone').hidden = peers.size > 0;
    if (!peers.size) byId('unblock').hidden = true;
    this.#layOut();
  }

  /** Show ourselves, small, as in a mirror. */
  showSelf({ stream, muted, isMirrored }) {
    for (const tile of this.#self) {
      tile.element.classList.toggle('mirrored', isMirrored);
      tile.show({
        name: 'You',
        state: 'connected',
        stream,
        hasPicture: !muted.video,
        isMuted: muted.audio,
      });
    }
  }

  /* The tiles of a peer, by key: one with the sound, one more for each
   * further picture. */
  #showPeer(peer) {
    const pictures = livePictures(peer.stream);
    const keys = [peer.key];
    this.#tile(peer.key, false).show({
      name: peer.name,
      state: peer.state,
      stream: peer.stream,
      hasPicture: pictures.length > 0 && !peer.muted.video,
      isMuted: peer.muted.audio,
      way: peer.way,
      fault: peer.fault,
    });
    for (const track of pictures.slice(1)) {
      const key = `${peer.key}/${track.id}`;
      keys.push(key);
      this.#showFurther(key, peer, track);
    }
    return keys;
  }

  #showFurther(key, peer, track) {
    const tile = this.#tile(key, true);
    tile.ownStream ??= new MediaStream([track]);
    tile.show({
      name: `${peer.name}, another picture`,
      state: peer.state,
      stream: tile.ownStream,
      hasPicture: true,
      isMuted: false,
    });
  }

  #tile(key, isSilent) {
    const known = this.#tiles.get(key);
    if (known) return known;
    const tile = this.#newTile(make('li', 'tile'), isSilent);
    this.#grid.append(tile.element);
    this.#tiles.set(key, tile);
    return tile;
  }

  #newTile(element, isSilent) {
    return new Tile(element, {
      isSilent,
      onShape: () => this.#layOut(),
      onBlocked: () => (byId('unblock').hidden = false),
    });
  }

  #remove(key, tile) {
    tile.close();
    this.#tiles.delete(key);
  }

  #layOut() {
    const { clientWidth, clientHeight } = this.#grid;
    const tiles = [...this.#tiles.values()];
    const ratios = tiles.map((tile) => tile.pictureRatio).filter(Boolean);
    const box = { width: clientWidth, height: clientHeight, gap: GAP_PX };
    const best = bestGrid(box, tiles.length, ratioRange(ratios));
    const used = best.columns * (best.tileWidth + GAP_PX) - GAP_PX;
    const style = this.#grid.style;
    style.setProperty('--tile-width', `${best.tileWidth}px`);
    style.setProperty('--tile-height', `${best.tileHeight}px`);
    style.setProperty('--side', `${Math.floor((clientWidth - used) / 2)}px`);
    for (const tile of [...tiles, ...this.#self]) tile.fit();
  }

  #unblock() {
    byId('unblock').hidden = true;
    for (const tile of this.#tiles.values()) tile.play();
  }
}
