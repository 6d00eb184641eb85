import type { AnyMethod } from '../../../common/api/schemas.ts';
import type { Size } from '../../../common/geometry.ts';
import type { Extractor } from '../../../methods/extractors/extractor.ts';
import { resolvePatchSize } from '../../../methods/patch-window.ts';
import {
  extractorNamed,
  type ParsedReference,
  referenceFor,
  statisticNamed,
} from '../../../methods/registry.ts';
import { parametersFor, type Statistic } from '../../../methods/statistics/statistic.ts';
import { blockPixels, fitsBlocks } from './plan.ts';

/** The most positions of a map, which is in memory in the end: 600 MB. */
const MAX_POSITIONS = 150e6;

/** An extractor that works in blocks. */
export type LocalExtractor = Extractor & Required<Pick<Extractor, 'local'>>;

/** A method of which every part works in blocks. */
export interface MethodInBlocks {
  extractor: LocalExtractor;
  statistic: Statistic & Required<Pick<Statistic, 'margin'>>;
  parameters: Record<string, number> & { patchSize: number };
  reference: ParsedReference;
  /** Patch size and parameters that were chosen for the image. */
  chosen: Record<string, number>;
}

/**
 * A method as it is computed in blocks of an image.
 *
 * @returns a sentence that says why it cannot, if it cannot
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export function methodInBlocks(method: AnyMethod, image: Size): MethodInBlocks | string {
  if (!('statistic' in method) || 'normal' in method)
    return 'The method compares with other images or computes its map from the whole image at once.';
  if (method.resize !== undefined) return 'The method resizes the image.';
  const extractor = extractorNamed(method.extractor);
  if (!isLocal(extractor))
    return `The features of the extractor "${method.extractor}" depend on the whole image.`;
  const statistic = statisticNamed(method.statistic);
  const reference = referenceFor(statistic, method.reference);
  if (!hasMargin(statistic)) return `The statistic "${method.statistic}" depends on the whole map.`;
  if (reference.size.kind !== 'sorted')
    return `The reference "${method.reference}" consists of patches of the whole image.`;
  const { method: sized, chosen = {} } = resolvePatchSize(method, image);
  const parameters = parametersFor(statistic, { ...sized.parameters, patchSize: sized.patchSize });
  const { local, stride } = extractor;
  const isNarrow = Math.min(image.width, image.height) < local.minSide;
  const shape = { local, stride, margin: statistic.margin(parameters) };
  const map = local.positions(image);
  if (map.width * map.height > MAX_POSITIONS)
    return `Its map would have ${map.width} x ${map.height} positions; at most ${MAX_POSITIONS / 1e6} million are possible.`;
  if (isNarrow || !fitsBlocks(image, shape, blockPixels(extractor)))
    return `A side of the image is shorter than ${local.minSide} pixels, so local means of "${method.extractor}" are those of the whole image.`;
  return {
    extractor,
    statistic,
    parameters: parameters as MethodInBlocks['parameters'],
    reference,
    chosen,
  };
}

const isLocal = (extractor: Extractor): extractor is LocalExtractor => extractor.local !== undefined;

const hasMargin = (statistic: Statistic): statistic is MethodInBlocks['statistic'] =>
  statistic.margin !== undefined;
