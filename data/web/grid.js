/*
 * How to lay tiles out: pure geometry. Ratios are width by height.
 */

const WIDEST = 16 / 9;
const USUAL = 4 / 3;
const TALLEST = 9 / 16;
const LEAST_KEPT = 0.74; // 16:9 in 4:3 fills, a portrait in 4:3 does not

/**
 * The shapes that tiles may take for these pictures.
 *
 * @param {number[]} ratios of the pictures; empty when there are none
 * @returns {{tallest: number, widest: number}}
 */
export function ratioRange(ratios) {
  const least = ratios.length ? Math.min(...ratios) : 1;
  const most = ratios.length ? Math.max(...ratios) : WIDEST;
  return {
    tallest: Math.min(USUAL, Math.max(TALLEST, least)),
    widest: Math.min(WIDEST, Math.max(USUAL, most)),
  };
}

/**
 * The number of columns and the tile size (px) that show the most picture.
 *
 * @param {{width: number, height: number, gap: number}} box in px
 * @param {number} count tiles
 * @param {{tallest: number, widest: number}} range of tile shapes
 * @returns {{columns: number, tileWidth: number, tileHeight: number}}
 */
export function bestGrid(box, count, range) {
  let best = { columns: 1, tileWidth: 0, tileHeight: 0, area: -1 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const tile = tileIn(box, columns, Math.ceil(count / columns) || 1, range);
    if (tile.area > best.area) best = { columns, ...tile };
  }
  const { columns, tileWidth, tileHeight } = best;
  return { columns, tileWidth, tileHeight };
}

/**
 * 'cover' where filling the tile would cut away little of the picture,
 * 'contain' where it would cut more.
 */
export function fitFor(pictureRatio, tileRatio) {
  const kept =
    Math.min(pictureRatio, tileRatio) / Math.max(pictureRatio, tileRatio);
  return kept >= LEAST_KEPT ? 'cover' : 'contain';
}

function tileIn({ width, height, gap }, columns, rows, { tallest, widest }) {
  const cellWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
  const tileWidth = Math.floor(Math.min(cellWidth, cellHeight * widest));
  const tileHeight = Math.floor(Math.min(cellHeight, tileWidth / tallest));
  return { tileWidth, tileHeight, area: tileWidth * tileHeight };
}
