import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';

/** Counts of images of a class that metrics cover or omit. */
export interface ClassCoverage {
  /** Images with ground truth that have no map. */
  missing: number;
  /** Images with an unknown label. */
  unknown: number;
}

/** Why metrics of a class are undefined or incomplete, one sentence each. */
export function evaluationNotes(metrics: ClassMetrics, { missing, unknown }: ClassCoverage): string[] {
  const { images, anomalousImages, imagesWithoutMask: withoutMask } = metrics;
  const masked = anomalousImages - withoutMask;
  if (images === 0) {
    if (missing > 0) return [`None of its ${count(missing)} with ground truth has a result.`];
    return [`Nothing is known of its ${count(unknown)}: no mask, and no folder that says which are normal.`];
  }
  const notes: string[] = [];
  if (missing > 0)
    notes.push(`${count(missing)} with ground truth ${missing === 1 ? 'has' : 'have'} no result.`);
  if (anomalousImages === 0) notes.push('No image is known to be defective, so there are no metrics.');
  else if (masked === 0 && withoutMask > 0)
    notes.push(
      `No defective image has a usable mask (${withoutMask} have none), so there are only image metrics.`,
    );
  else if (withoutMask > 0)
    notes.push(
      `${count(withoutMask)} without a usable mask ${withoutMask === 1 ? 'counts' : 'count'} only in image metrics.`,
    );
  else if (metrics.regions === 0)
    notes.push('All defects are inside the ignored border, so there are only image metrics.');
  if (images === anomalousImages) notes.push('No image is known to be normal, so there is no image AUROC.');
  return notes;
}

function count(images: number): string {
  return `${images} ${images === 1 ? 'image' : 'images'}`;
}
