import type { CalibrationRecord, CalibrationSource, ScoredImage } from '../api/recipes.ts';

/** Image scores by label. */
export interface KnownScores {
  good: readonly number[];
  defective: readonly number[];
}

type KnownImage = Pick<ScoredImage, 'score' | 'label' | 'split'>;

/**
 * Whether an image calibrates: a good image of the source, or any defective image. Images without a score do
 * not.
 */
export function calibrates<Image extends KnownImage>(
  image: Image,
  source: CalibrationSource,
): image is Image & { score: number } {
  const { score, label, split } = image;
  if (score === null) return false;
  return label === 'defective' || (label === 'good' && (source === 'all' || source === split));
}

/** The scores of the images that calibrate. */
export function knownScores(images: readonly KnownImage[], source: CalibrationSource): KnownScores {
  const known = images.filter((image) => calibrates(image, source));
  const scores = (wanted: KnownImage['label']) =>
    known.filter(({ label }) => label === wanted).map(({ score }) => score);
  return { good: scores('good'), defective: scores('defective') };
}

/** Lowest, median and highest score; null if there are none. */
export function scoreRange(scores: readonly number[]): CalibrationRecord['goodScores'] {
  if (scores.length === 0) return null;
  const sorted = Float64Array.from(scores).sort();
  const half = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}
