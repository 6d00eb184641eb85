import type { ValueRange } from './value-range.ts';

/** Score statistics of one inspected image. */
interface ImageScores {
  min: number;
  max: number;
  /** Its suggested threshold. */
  threshold: number;
}

/**
 * The display range and the threshold that all images of a texture class share. The range is linear from the lowest to the
 * highest score of the class (paper, B.2). The threshold is the lower median of the suggested ones. The range always includes
 * the threshold, so that images without a defect stay pale.
 *
 * @param chosenThreshold replaces the suggested threshold
 */
export function classRange(
  images: readonly ImageScores[],
  chosenThreshold?: number,
): { range: ValueRange; threshold: number } {
  const suggested = images.map((image) => image.threshold).sort((a, b) => a - b);
  const threshold = chosenThreshold ?? suggested[Math.floor((suggested.length - 1) / 2)] ?? 0;
  let [low, high] = [Infinity, threshold];
  for (const { min, max } of images) {
    low = Math.min(low, min);
    high = Math.max(high, max);
  }
  return { range: { low, high }, threshold };
}

/**
 * The results that define a class's range and threshold: those of the test images or, if there are none, of
 * the training images, which are inspected only for calibration.
 */
export function rangeResults<Result extends { image: number }>(
  results: readonly Result[],
  isTest: (image: number) => boolean,
): readonly Result[] {
  const ofTest = results.filter(({ image }) => isTest(image));
  return ofTest.length > 0 ? ofTest : results;
}
