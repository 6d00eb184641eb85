import type { Scale } from './colormaps.ts';

/** What the display of one inspected image contributes to that of its class. */
interface Scores {
  min: number;
  max: number;
  /** Its proposed threshold. */
  threshold: number;
}

/**
 * How the images of one texture class are shown together: one linear scale from the class's smallest to its largest score
 * (paper, B.2) and one threshold, the lower median of the proposals. The scale reaches up to the threshold at least, so
 * that images without a defect stay pale.
 *
 * @param chosen a threshold that replaces the proposed one
 */
export function classDisplay(
  images: readonly Scores[],
  chosen?: number,
): { scale: Scale; threshold: number } {
  const proposals = images.map((image) => image.threshold).sort((a, b) => a - b);
  const threshold = chosen ?? proposals[Math.floor((proposals.length - 1) / 2)] ?? 0;
  let [low, high] = [Infinity, threshold];
  for (const { min, max } of images) {
    low = Math.min(low, min);
    high = Math.max(high, max);
  }
  return { scale: { low, high }, threshold };
}
