import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import { scoreDigits } from '../../format/numbers.ts';

/** Lowest and highest image score of a class, and the number of decimals to display. */
export interface ScoreRange {
  low: number;
  high: number;
  digits: number;
}

/** The score range of each class with scores. */
export function scoreRanges(
  images: readonly DatasetImage[],
  scoreOf: (image: DatasetImage) => number | undefined,
): ReadonlyMap<string, ScoreRange> {
  const ranges = new Map<string, ScoreRange>();
  for (const image of images) {
    const score = scoreOf(image);
    if (score === undefined) continue;
    const range = ranges.get(image.textureClass);
    if (!range) ranges.set(image.textureClass, { low: score, high: score, digits: 3 });
    else if (score < range.low) range.low = score;
    else if (score > range.high) range.high = score;
  }
  for (const range of ranges.values()) range.digits = scoreDigits(range.high - range.low);
  return ranges;
}

/** Position of a score in its range, 0 to 1. */
export function fractionIn({ low, high }: ScoreRange, score: number): number {
  return high > low ? (score - low) / (high - low) : 0;
}
