import { createHash } from 'node:crypto';
import { imageLabelOf } from '../datasets/image-label.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { EvaluationSample } from './class-samples.ts';

/**
 * Raise this when the same inputs give different metrics or histograms: evaluations that earlier versions stored
 * are then ignored.
 */
const EVALUATION_VERSION = 3;

/** What an evaluation depends on, besides its images. */
type EvaluationSettings = { ignoreBorder: number } & ({ proFprLimit: number } | { bins: number });

/**
 * SHA-256, in hexadecimal, of all inputs of an evaluation. Keys are stored, so the names and the order in the
 * hashed text must not change.
 */
export function evaluationKey(
  images: readonly EvaluationSample[],
  { ignoreBorder, ...settings }: EvaluationSettings,
): string {
  const inputs = images.map(({ image, result }) => ({
    map: result.map,
    cover: [result.width, result.height, result.extentWidth, result.extentHeight],
    groundTruth: image.groundTruth,
    mask: image.mask,
    label: imageLabelOf(image),
    ...(result.regionSha256 !== '' && { region: result.regionSha256 }),
  }));
  const kind = 'bins' in settings ? { bins: settings.bins } : { proLimit: settings.proFprLimit };
  return createHash('sha256')
    .update(canonicalJson({ version: EVALUATION_VERSION, border: ignoreBorder, ...kind, inputs }))
    .digest('hex');
}
