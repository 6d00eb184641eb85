import { PerchError } from '../../common/api/errors.ts';
import type { Extractor } from './extractor.ts';
import { rangeScaling } from './scaling.ts';

/**
 * The unscaled features of an extractor.
 *
 * @throws PerchError `MODEL_UNUSABLE` if they are scaled inside an imported graph
 */
export function unscaledExtract(extractor: Extractor): Extractor['extract'] {
  if (!extractor.scaling) return extractor.extract;
  if (extractor.extractUnscaled) return extractor.extractUnscaled;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `The graph of "${extractor.name}" scales the features of each image by themselves, so they cannot be compared with normal images. ` +
      'Import the model again: its graph will not scale.',
    undefined,
    { kind: 'reimport-model', model: extractor.name },
  );
}

/**
 * The features of an extractor that are compared across images as vectors (docs/method.md, section 6): unscaled if each image would be
 * scaled by its own range.
 *
 * @throws PerchError `MODEL_UNUSABLE` if they are scaled inside an imported graph
 */
export function comparableExtract(extractor: Extractor): Extractor['extract'] {
  return extractor.scaling === rangeScaling ? unscaledExtract(extractor) : extractor.extract;
}
