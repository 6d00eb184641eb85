import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';

/** Counts of a class's images that the metrics include or omit. */
export interface ClassCoverage {
  /** Images with ground truth that have no map. */
  missing: number;
  /** Images with an unknown label. */
  unknown: number;
  /** Whether only an inspection region of the images is evaluated. */
  inRegion?: boolean;
  /** Images that are so large that only some of their pixels are compared, one of every `step` x `step`. */
  sampled?: { images: number; step: number };
}

/** Why a class's metrics are undefined or incomplete, one sentence each. */
export function evaluationNotes(
  metrics: ClassMetrics,
  { missing, unknown, inRegion, sampled }: ClassCoverage,
): string[] {
  const { images, anomalousImages, imagesWithoutMask: withoutMask } = metrics;
  const masked = anomalousImages - withoutMask;
  if (images === 0) {
    if (missing > 0) return [`None of the ${count(missing)} with ground truth has a result.`];
    return [
      `The ground truth of ${count(unknown)} is unknown: there is no mask, and no folder identifies normal images.`,
    ];
  }
  const notes: string[] = inRegion ? ['Only pixels inside the inspection region count.'] : [];
  if (sampled)
    notes.push(
      `${count(sampled.images)} ${sampled.images === 1 ? 'has' : 'have'} more than 67 megapixels. One pixel of every ` +
        `${sampled.step} x ${sampled.step} is compared with ground truth, so defects smaller than that can be missed.`,
    );
  if (missing > 0)
    notes.push(`${count(missing)} with ground truth ${missing === 1 ? 'has' : 'have'} no result.`);
  if (anomalousImages === 0) notes.push('No image is defective, so there are no metrics.');
  else if (masked === 0 && withoutMask > 0)
    notes.push(
      `No defective image has a usable mask (${withoutMask} have none), so there are only image metrics.`,
    );
  else if (withoutMask > 0)
    notes.push(
      `${count(withoutMask)} without a usable mask ${withoutMask === 1 ? 'counts' : 'count'} only in image metrics.`,
    );
  else if (metrics.regions === 0)
    notes.push(
      inRegion
        ? 'All defects are outside the inspection region or inside the ignored border, so there are only image metrics.'
        : 'All defects are inside the ignored border, so there are only image metrics.',
    );
  if (images === anomalousImages) notes.push('No image is normal, so there is no image AUROC.');
  return notes;
}

function count(images: number): string {
  return `${images} ${images === 1 ? 'image' : 'images'}`;
}
