/** Number of levels of a channel in the browser. */
export const LEVELS = 256;

/** The levels displayed as black and as white. */
export interface LevelRange {
  low: number;
  high: number;
}

export const FULL_RANGE: LevelRange = { low: 0, high: LEVELS - 1 };

/** Fraction of the pixels that an automatic range clips at each end. */
const CLIPPED = 0.001;

/** An image that uses less than this fraction of the levels is stretched: 12 bits in a 16-bit file use one sixteenth. */
const NARROW = 0.25;

/** Longer side of the copy on which levels are counted. */
const COUNTED_SIDE = 512;

/** The brightness histogram of an image, counted on a small copy. */
export function countLevels(bitmap: ImageBitmap): Uint32Array {
  const factor = Math.min(1, COUNTED_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * factor));
  const height = Math.max(1, Math.round(bitmap.height * factor));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  const counts = new Uint32Array(LEVELS);
  if (!context || bitmap.width === 0) return counts;
  // Smoothing would create levels that no pixel has.
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 0; at < data.length; at += 4)
    counts[Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2])]++;
  return counts;
}

/** The range of levels without the darkest and the brightest thousandth of the pixels. */
export function usedRange(counts: Uint32Array): LevelRange {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return FULL_RANGE;
  const firstAbove = (levels: number[]) => {
    let sum = 0;
    return levels.find((level) => (sum += counts[level]) > CLIPPED * total) ?? 0;
  };
  const levels = [...counts.keys()];
  const low = firstAbove(levels);
  return { low, high: Math.max(firstAbove(levels.toReversed()), low + 1) };
}

/** An image's automatic range: its used range if it uses few levels, otherwise all levels. */
export function automaticRange(counts: Uint32Array): LevelRange {
  const used = usedRange(counts);
  return used.high < NARROW * LEVELS ? { low: 0, high: used.high } : FULL_RANGE;
}

/** The displayed brightness of each level, 0 to 1. @param gamma brightens the levels between black and white if above 1 */
export function displayTable({ low, high }: LevelRange, gamma: number): number[] {
  return Array.from({ length: LEVELS }, (_, level) => {
    const position = Math.min(Math.max((level - low) / Math.max(high - low, 1), 0), 1);
    return position ** (1 / gamma);
  });
}
