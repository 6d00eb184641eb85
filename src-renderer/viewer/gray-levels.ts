/** Levels of a channel as a page knows them. */
export const LEVELS = 256;

/** The levels that are shown from black to white. */
export interface LevelRange {
  low: number;
  high: number;
}

export const FULL_RANGE: LevelRange = { low: 0, high: LEVELS - 1 };

/** Share of the pixels that may be clipped at either end of a proposed range. */
const CLIPPED = 0.001;

/** An image is stretched by itself where it uses less than this share of the levels: 12 bits in a container of 16 use a sixteenth. */
const NARROW = 0.25;

/** Longer side of the picture that levels are counted on. */
const COUNTED_SIDE = 512;

/** How many pixels of an image have each level of brightness, on a small copy of it. */
export function countLevels(bitmap: ImageBitmap): Uint32Array {
  const factor = Math.min(1, COUNTED_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * factor));
  const height = Math.max(1, Math.round(bitmap.height * factor));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  const counts = new Uint32Array(LEVELS);
  if (!context || bitmap.width === 0) return counts;
  // Not smoothed: averages are levels that no pixel has.
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 0; at < data.length; at += 4)
    counts[Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2])]++;
  return counts;
}

/** The levels that hold all but the darkest and the brightest thousandth of the pixels. */
export function usedRange(counts: Uint32Array): LevelRange {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return FULL_RANGE;
  const reached = (levels: number[]) => {
    let sum = 0;
    return levels.find((level) => (sum += counts[level]) > CLIPPED * total) ?? 0;
  };
  const levels = [...counts.keys()];
  const low = reached(levels);
  return { low, high: Math.max(reached(levels.toReversed()), low + 1) };
}

/** The range that an image is shown over by itself: its own where it uses few of the levels, else all. */
export function automaticRange(counts: Uint32Array): LevelRange {
  const used = usedRange(counts);
  return used.high < NARROW * LEVELS ? { low: 0, high: used.high } : FULL_RANGE;
}

/** What each level becomes, 0 to 1, in order. @param gamma larger than 1 brightens what lies between black and white */
export function displayTable({ low, high }: LevelRange, gamma: number): number[] {
  return Array.from({ length: LEVELS }, (_, level) => {
    const share = Math.min(Math.max((level - low) / Math.max(high - low, 1), 0), 1);
    return share ** (1 / gamma);
  });
}
