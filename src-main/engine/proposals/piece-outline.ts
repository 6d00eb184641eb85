import type { Crop, Size } from '../../common/geometry.ts';

/** Number of bands that each side is divided into. */
const BANDS = 16;

/** Largest difference between a line's log brightness and that of the previous lines on the same piece. */
const TOLERANCE = 0.35;

/** Added before the logarithm, so that noise in black has little effect; in gray levels. */
const LOG_OFFSET = 6;

/** Distance in pixels between the outline and the border. */
const MARGIN = 2;

/** Largest fraction of the image that a border may take at each side. */
const MAX_BORDER = 0.3;

/** Largest variation of a border's width along its side, as a fraction of the image. */
const MAX_SPREAD = 0.05;

/**
 * Finds the rectangle of a piece inside a darker or brighter border, as in photographs of tiles.
 *
 * Each side is divided into bands. In a band, the piece grows from the middle of the image to the side over lines
 * of similar brightness; light may change slowly. Streaks and defects also differ, but the piece continues
 * behind them, so the piece ends at the last run of similar lines. A side has a border if most bands agree on
 * its width.
 *
 * @param gray `height` x `width`, 0 to 255
 * @returns undefined if no side has a border
 */
export function pieceOutline(gray: Uint8Array, { width, height }: Size): Crop | undefined {
  const at = (x: number, y: number) => gray[y * width + x];
  const rows = { length: height, breadth: width };
  const columns = { length: width, breadth: height };
  const top = borderAtSide((i, j) => at(j, i), rows);
  const bottom = borderAtSide((i, j) => at(j, height - 1 - i), rows);
  const left = borderAtSide((i, j) => at(i, j), columns);
  const right = borderAtSide((i, j) => at(width - 1 - i, j), columns);
  if (top + bottom + left + right === 0) return undefined;
  return { left, top, width: width - left - right, height: height - top - bottom };
}

/**
 * The width of the border at a side; 0 if there is none or if it is unclear.
 *
 * @param at returns the gray level `i` pixels from the side and `j` pixels along it
 * @param image size of the image: `length` away from the side, `breadth` along it
 */
function borderAtSide(
  at: (i: number, j: number) => number,
  { length, breadth }: { length: number; breadth: number },
): number {
  // The corners may belong to the borders of the adjacent sides.
  const [first, last] = [Math.round(0.1 * breadth), Math.round(0.9 * breadth)];
  const widths: number[] = [];
  for (let band = 0; band < BANDS; band++) {
    const from = first + Math.floor((band * (last - first)) / BANDS);
    const to = first + Math.floor(((band + 1) * (last - first)) / BANDS);
    if (to > from) widths.push(borderInBand(profileOf(at, length, from, to)));
  }
  if (widths.length === 0) return 0;
  widths.sort((a, b) => a - b);
  const quantile = (share: number) => widths[Math.floor(share * (widths.length - 1))];
  const [narrow, wide] = [quantile(0.25), quantile(0.8)];
  const isClear = narrow > 0 && wide - narrow <= Math.max(2, MAX_SPREAD * length);
  return isClear && wide + MARGIN <= MAX_BORDER * length ? wide + MARGIN : 0;
}

/** The log brightness of each line in a band, starting at the side. */
function profileOf(at: (i: number, j: number) => number, length: number, from: number, to: number): number[] {
  const medians = Array.from({ length }, (_, i) =>
    median(Array.from({ length: to - from }, (_, j) => at(i, from + j))),
  );
  return medians.map((_, i) => Math.log(LOG_OFFSET + median(medians.slice(Math.max(0, i - 1), i + 2))));
}

/** The number of lines before the piece begins. */
function borderInBand(profile: readonly number[]): number {
  const memory = Math.max(8, Math.round(profile.length / 20));
  const shortest = Math.max(3, Math.round(profile.length / 100));
  const middle = Math.floor(profile.length / 2);
  const piece = profile.slice(middle, middle + memory);
  let [begin, run] = [middle, 0];
  for (let i = middle - 1; i >= 0; i--) {
    const isSimilar = Math.abs(profile[i] - median(piece.slice(-memory))) <= TOLERANCE;
    run = isSimilar ? run + 1 : 0;
    if (!isSimilar) continue;
    piece.push(profile[i]);
    if (run >= shortest) begin = i;
  }
  return begin;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
