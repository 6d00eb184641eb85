import { createHash } from 'node:crypto';
import { imageLabelOf } from '../datasets/image-label.ts';
import { canonical } from '../../store/methods.ts';
import type { EvaluationSample } from './class-samples.ts';

/** Raised whenever the code of the metrics changes what comes out: nothing that was kept before is used then. */
const METRICS_VERSION = 4;

/**
 * The key of an evaluation: SHA-256, in hexadecimal, of everything that it depends on.
 *
 * @param settings what is reckoned, beside the images
 */
export function evaluationKey(images: readonly EvaluationSample[], settings: Record<string, number>): string {
  const inputs = images.map(({ image, result }) => ({
    map: result.map,
    cover: [result.width, result.height, result.extentWidth, result.extentHeight],
    groundTruth: image.groundTruth,
    mask: image.mask,
    label: imageLabelOf(image),
  }));
  return createHash('sha256')
    .update(canonical({ version: METRICS_VERSION, ...settings, inputs }))
    .digest('hex');
}
