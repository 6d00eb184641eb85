/** What is compared of a block of columns: mean, spread, and mean step from pixel to pixel along rows and columns. */
type Look = readonly [mean: number, spread: number, alongRows: number, alongColumns: number];

/** Largest difference of the natural logarithms of two looks of one fabric, of blocks near each other. */
const TOLERANCE: Look = [0.25, 0.4, 0.3, 0.3];

/** Blocks that a block is compared with: those of fabric that come before it. */
const MEMORY = 8;

/** Keeps logarithms of flat blocks finite; in gray levels. */
const FLOOR = 0.1;

/**
 * Where on a strip the fabric begins and ends (columns, end exclusive): strips of AITEX show what lies beside the cloth at
 * their ends. From a typical block the search goes to both ends, over blocks of columns an eighth of the height wide; light
 * and focus may change along the way, so a block is compared with the fabric nearest to it. A defect looks otherwise too, but
 * fabric follows behind it; the background goes on to the end.
 *
 * @param gray `height` x `width`, 0 to 255
 */
export function stripExtent(
  gray: Uint8Array,
  { width, height }: { width: number; height: number },
): { start: number; end: number } {
  const side = Math.max(4, Math.round(height / 8));
  const looks = Array.from({ length: Math.floor(width / side) }, (_, block) =>
    lookOf(gray, width, height, block * side, side),
  );
  if (looks.length === 0) return { start: 0, end: width };
  const seed = typical(looks);
  const first = furthest(looks, seed, -1);
  const last = furthest(looks, seed, 1);
  // What is left of a last block that is not whole goes with the block before it.
  return { start: first * side, end: last === looks.length - 1 ? width : (last + 1) * side };
}

/** The last block in a direction that still looks like the fabric before it. */
function furthest(looks: readonly Look[], seed: number, direction: 1 | -1): number {
  const fabric = [looks[seed]];
  let last = seed;
  for (let block = seed + direction; block >= 0 && block < looks.length; block += direction) {
    if (!alike(looks[block], medianLook(fabric.slice(-MEMORY)))) continue;
    fabric.push(looks[block]);
    last = block;
  }
  return last;
}

/** The block of the middle half that is nearest to the median of that half. */
function typical(looks: readonly Look[]): number {
  const quarter = Math.floor(looks.length / 4);
  const middle = looks.slice(quarter, looks.length - quarter);
  const median = medianLook(middle);
  const distances = middle.map((look) =>
    look.reduce((sum, value, i) => sum + Math.abs(value - median[i]), 0),
  );
  return quarter + distances.indexOf(Math.min(...distances));
}

function alike(a: Look, b: Look): boolean {
  return a.every((value, i) => Math.abs(value - b[i]) <= TOLERANCE[i]);
}

function medianLook(looks: readonly Look[]): Look {
  const median = (i: number) => looks.map((look) => look[i]).sort((a, b) => a - b)[looks.length >> 1];
  return [median(0), median(1), median(2), median(3)];
}

/** The look of a block, as logarithms. */
function lookOf(gray: Uint8Array, width: number, height: number, left: number, side: number): Look {
  let [sum, squares, rows, columns] = [0, 0, 0, 0];
  for (let y = 1; y < height; y++) {
    for (let x = left + 1; x < left + side; x++) {
      const at = y * width + x;
      sum += gray[at];
      squares += gray[at] ** 2;
      rows += Math.abs(gray[at] - gray[at - 1]);
      columns += Math.abs(gray[at] - gray[at - width]);
    }
  }
  const count = Math.max(1, (height - 1) * (side - 1));
  const mean = sum / count;
  const spread = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const log = (value: number) => Math.log(value + FLOOR);
  return [log(mean), log(spread), log(rows / count), log(columns / count)];
}
