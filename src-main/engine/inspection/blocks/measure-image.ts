import { PerchError } from '../../../common/api/errors.ts';
import type { Size } from '../../../common/geometry.ts';
import type { ComputeBackend } from '../../../methods/backend/compute-backend.ts';
import type { ImageConstants, LocalExtraction, ModelRunner } from '../../../methods/extractors/extractor.ts';
import type { Selection } from '../../../methods/references/selection.ts';
import { joinColumns, sideBySide } from '../../../methods/references/tile-collector.ts';
import { tileCount, type TileGroup, tileSample } from '../../../methods/references/tile-sample.ts';
import type { ParsedReference } from '../../../methods/registry.ts';
import type { Execution, FeatureMap } from '../../../methods/types.ts';
import { type FeatureSource, featuresAt } from './feature-source.ts';
import type { BlockShape } from './plan.ts';

/** What the scores of a block depend on besides its own features. */
export interface ImageMeasures {
  constants: ImageConstants;
  selection: Selection;
  /** Numbers of the tiles in use and in the image; absent if all are used. */
  sample?: { tiles: number; tilesInImage: number };
}

export interface MeasureRequest {
  image: Size;
  local: LocalExtraction;
  shape: BlockShape;
  reference: ParsedReference;
  patchSize: number;
  /** The most tiles that are used. If the image has more, constants and reference come from a sample. */
  limit: number;
  /** H x W, 1 at the positions inside the inspection region; absent if the whole image is inspected. */
  inside: Uint8Array | undefined;
}

/**
 * The constants of an image and its reference: from all positions and tiles, or, in images of many tiles, from a fixed sample of tiles.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the inspection region contains no tile
 */
export async function measureImage(
  source: FeatureSource,
  request: MeasureRequest,
  { models, backend }: { models: ModelRunner; backend: ComputeBackend },
  execution: Execution,
): Promise<ImageMeasures> {
  const { image, local, reference, patchSize, limit, inside } = request;
  const map = local.positions(image);
  const tilesInImage = tileCount(map, patchSize);
  if (tilesInImage <= limit && source.whole) {
    const constants = await local.measure(source.whole, models);
    const features = await local.complete(source.whole, constants, models);
    const selection = await reference.select({ features, patchSize, inside }, backend, execution);
    return { constants, selection };
  }
  const groups = tileSample(map, patchSize, limit, inside && wholeTiles(inside, map, patchSize));
  if (groups.length === 0) throw noTile(patchSize);
  const samples: FeatureMap[] = [];
  for (const [at, { area, numbers }] of groups.entries()) {
    execution.signal?.throwIfAborted();
    const features = await featuresAt(area, source, image, request.shape);
    samples.push(sideBySide(features, numbers, patchSize));
    execution.onProgress?.((at + 1) / groups.length);
  }
  const sample = joinColumns(samples);
  const constants = await local.measure(sample, models);
  const features = await local.complete(sample, constants, models);
  const selection = await reference.select({ features, patchSize }, backend, execution);
  return { constants, selection, sample: { tiles: tilesOf(groups), tilesInImage } };
}

const tilesOf = (groups: readonly TileGroup[]) =>
  groups.reduce((sum, { numbers }) => sum + numbers.length, 0);

function wholeTiles(inside: Uint8Array, { width }: Size, side: number) {
  return (column: number, row: number): boolean => {
    for (let y = row * side; y < (row + 1) * side; y++) {
      const start = y * width + column * side;
      if (inside.subarray(start, start + side).includes(0)) return false;
    }
    return true;
  };
}

function noTile(patchSize: number): PerchError {
  return new PerchError(
    'INVALID_ARGUMENT',
    `The sample of the image has no whole tile of ${patchSize} x ${patchSize} positions in the inspection region, so there is no ` +
      'reference to compare with. Make the region larger or the patch size smaller.',
  );
}
