/** Statistics of a block of columns, as logarithms: mean, standard deviation, and mean absolute difference of neighbors. */
type BlockStats = readonly [mean: number, deviation: number, horizontal: number, vertical: number];

/** Largest difference of each statistic between nearby blocks of one fabric. */
const TOLERANCE: BlockStats = [0.25, 0.4, 0.3, 0.3];

/** Number of preceding fabric blocks that a block is compared with. */
const K = 8;

/** Added before the logarithm so that flat blocks have finite statistics; in gray levels. */
const LOG_OFFSET = 0.1;

/**
 * Finds the columns of a strip that show fabric, because strips of AITEX show the background at their ends.
 *
 * The strip is split into blocks of columns, an eighth of its height wide. From a typical block, the fabric grows to both sides over
 * blocks with similar statistics. Light and focus may change along the strip, so a block is compared only with the fabric blocks next
 * to it. A defect differs as well, but has fabric behind it, so the extent ends at the last similar block, not at the first dissimilar
 * one.
 *
 * @param gray `height` x `width`, 0 to 255
 * @returns columns; `end` is exclusive
 */
export function stripExtent(
  gray: Uint8Array,
  { width, height }: { width: number; height: number },
): { start: number; end: number } {
  const blockWidth = Math.max(4, Math.round(height / 8));
  const blocks = Array.from({ length: Math.floor(width / blockWidth) }, (_, block) =>
    blockStats(gray, width, height, block * blockWidth, blockWidth),
  );
  if (blocks.length === 0) return { start: 0, end: width };
  const seed = medoidBlock(blocks);
  const first = growWhileSimilar(blocks, seed, -1);
  const last = growWhileSimilar(blocks, seed, 1);
  // Columns after the last block belong to that block.
  return { start: first * blockWidth, end: last === blocks.length - 1 ? width : (last + 1) * blockWidth };
}

/** The index of the last block in a direction that resembles the fabric before it. */
function growWhileSimilar(blocks: readonly BlockStats[], seed: number, direction: 1 | -1): number {
  const fabric = [blocks[seed]];
  let last = seed;
  for (let at = seed + direction; at >= 0 && at < blocks.length; at += direction) {
    if (!isSimilar(blocks[at], medianStats(fabric.slice(-K)))) continue;
    fabric.push(blocks[at]);
    last = at;
  }
  return last;
}

/** The index of the block that is closest to the median, among the middle half of the strip. */
function medoidBlock(blocks: readonly BlockStats[]): number {
  const quarter = Math.floor(blocks.length / 4);
  const middle = blocks.slice(quarter, blocks.length - quarter);
  const median = medianStats(middle);
  const distances = middle.map((stats) =>
    stats.reduce((sum, value, i) => sum + Math.abs(value - median[i]), 0),
  );
  return quarter + distances.indexOf(Math.min(...distances));
}

function isSimilar(a: BlockStats, b: BlockStats): boolean {
  return a.every((value, i) => Math.abs(value - b[i]) <= TOLERANCE[i]);
}

function medianStats(blocks: readonly BlockStats[]): BlockStats {
  const median = (i: number) => blocks.map((stats) => stats[i]).sort((a, b) => a - b)[blocks.length >> 1];
  return [median(0), median(1), median(2), median(3)];
}

function blockStats(
  gray: Uint8Array,
  width: number,
  height: number,
  left: number,
  blockWidth: number,
): BlockStats {
  let [sum, squares, horizontal, vertical] = [0, 0, 0, 0];
  for (let y = 1; y < height; y++) {
    for (let x = left + 1; x < left + blockWidth; x++) {
      const at = y * width + x;
      sum += gray[at];
      squares += gray[at] ** 2;
      horizontal += Math.abs(gray[at] - gray[at - 1]);
      vertical += Math.abs(gray[at] - gray[at - width]);
    }
  }
  const count = Math.max(1, (height - 1) * (blockWidth - 1));
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const log = (value: number) => Math.log(value + LOG_OFFSET);
  return [log(mean), log(deviation), log(horizontal / count), log(vertical / count)];
}
