import { createHash } from 'node:crypto';
import { imageLabelOf } from '../datasets/image-label.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { type EvaluationSample, ownScore } from './class-samples.ts';

/**
 * Raise this when the same inputs give different metrics or histograms: evaluations that earlier versions stored
 * are then ignored.
 */
const EVALUATION_VERSION = 3;

/** What an evaluation depends on, besides its images. */
type Outcome =
  { proFprLimit: number } | { bins: number } | { proFprLimit: number; resamples: number; seed: number };

/**
 * SHA-256, in hexadecimal, of all inputs of an evaluation. Keys are stored, so the names and the order in the
 * hashed text must not change.
 */
export function evaluationKey(
  images: readonly EvaluationSample[],
  { ignoreBorder, ...settings }: { ignoreBorder: number } & Outcome,
): string {
  const inputs = images.map(({ image, result, region }) => ({
    map: result.map,
    cover: [result.width, result.height, result.extentWidth, result.extentHeight],
    groundTruth: image.groundTruth,
    mask: image.mask,
    label: imageLabelOf(image),
    ...(result.regionSha256 !== '' && { region: result.regionSha256 }),
    ...(ownScore({ result, region }) !== undefined && { imageScore: result.imageScore }),
  }));
  const kind = kindOf(settings);
  return createHash('sha256')
    .update(canonicalJson({ version: EVALUATION_VERSION, border: ignoreBorder, ...kind, inputs }))
    .digest('hex');
}

function kindOf(settings: Outcome): object {
  if ('bins' in settings) return { bins: settings.bins };
  const { proFprLimit: proLimit } = settings;
  return 'resamples' in settings
    ? { proLimit, bootstrap: settings.resamples, seed: settings.seed }
    : { proLimit };
}
