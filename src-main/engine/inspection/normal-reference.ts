import { PerchError } from '../../common/api/errors.ts';
import type { Method } from '../../common/api/schemas.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../../methods/backend/compute-backend.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { unscaledExtract } from '../../methods/extractors/comparable.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import { applyScale, type ChannelScale } from '../../methods/extractors/scaling.ts';
import type { SizedMethod } from '../../methods/patch-window.ts';
import { appendTiles } from '../../methods/references/append-tiles.ts';
import { compareWithMeanOfTiles, tileLimits } from '../../methods/references/normal-reference.ts';
import type { Selection } from '../../methods/references/selection.ts';
import { TileCollector, type TileLimits } from '../../methods/references/tile-collector.ts';
import { extractorNamed, referenceFor, statisticNamed } from '../../methods/registry.ts';
import { parametersFor } from '../../methods/statistics/statistic.ts';
import type { Execution, FeatureMap } from '../../methods/types.ts';
import type { StageTimer } from '../runtime/handler-context.ts';
import { assertMemory, assertPatchFits, reportEstimate } from './anomaly-map.ts';
import { cachedFromNormal, eachNormalImage, type NormalRequest } from './normal-images.ts';

/** A reference from normal images (docs/method.md, section 6). */
interface NormalReference {
  /** Scales unscaled features; absent if the extractor does not scale. */
  scale: ChannelScale[] | undefined;
  /** Sorted lists, or the tiles whose descriptors are averaged. */
  selection: Selection | { kind: 'tiles'; tiles: FeatureMap };
  /** How many tiles count, and how many there are. */
  count: number;
  available: number;
}

/** The map, and what was left out of the reference. */
interface Compared {
  map: AnomalyMap;
  chosen?: Record<string, number>;
}

/**
 * Compares an image with a reference from normal images.
 *
 * @param features unscaled
 * @throws PerchError as `computeAnomalyMap`; what reading and extraction of the normal images throw
 */
export async function compareWithNormal(
  features: FeatureMap,
  request: NormalRequest<SizedMethod>,
  { runner, backend }: { runner: ModelRunner; backend: ComputeBackend },
  timer: StageTimer,
): Promise<Compared> {
  const { method } = request;
  const statistic = statisticNamed(method.statistic);
  const parameters = parametersFor(statistic, { ...method.parameters, patchSize: method.patchSize });
  assertPatchFits(features, method.patchSize);
  const { scale, selection, count, available } = await timer.time('reference', (execution) =>
    getNormalReference(request, runner, execution),
  );
  const image = scale ? applyScale(features, scale) : features;
  const compared = selection.kind === 'tiles' ? appendTiles(image, selection.tiles).features : image;
  const cost = statistic.cost(compared, referenceFor(statistic, method.reference).size, parameters);
  assertMemory(`"${statistic.name}" with a reference from normal images`, compared, cost);
  reportEstimate(cost, timer);
  const map = await timer.time('statistic', (execution) =>
    selection.kind === 'tiles'
      ? compareWithMeanOfTiles({ image, tiles: selection.tiles }, statistic, parameters, backend, execution)
      : statistic.compute(image, selection, parameters, backend, execution),
  );
  return { map, ...(count < available && { chosen: { tiles: count, tilesInNormal: available } }) };
}

/** The reference of these files, method, patch size and model. It is computed on the first call and cached. */
export function getNormalReference(
  request: NormalRequest<SizedMethod>,
  runner: ModelRunner,
  execution: Execution,
  limits = tileLimits(request.method.reference),
): Promise<NormalReference> {
  const { extractor, statistic, reference, patchSize, resize } = request.method;
  // Parameters of the statistic do not change the reference.
  const method: Method = { extractor, statistic, reference, patchSize, ...(resize && { resize }) };
  return cachedFromNormal('reference', { ...request, method }, limits, () =>
    buildReference(request, runner, execution, limits),
  );
}

async function buildReference(
  request: NormalRequest<SizedMethod>,
  runner: ModelRunner,
  execution: Execution,
  limits: TileLimits,
): Promise<NormalReference> {
  const { method, normal } = request;
  const { patchSize } = method;
  const extractor = extractorNamed(method.extractor);
  const scales = extractor.scaling?.collect(extractor.channels, normal.length);
  const collector = new TileCollector(patchSize, normal.length, limits);
  await eachNormalImage(
    request,
    unscaledExtract(extractor),
    runner,
    execution,
    ({ extraction: { features }, inside, path }) => {
      if (Math.min(features.height, features.width) < patchSize) throw tooSmall(path, features, patchSize);
      scales?.add(features);
      collector.add(features, inside);
    },
  );
  const scale = scales?.finish();
  const { features: unscaled, count, available } = collector.finish();
  const tiles = scale ? applyScale(unscaled, scale) : unscaled;
  const selection = await referenceFor(statisticNamed(method.statistic), method.reference).select(
    { features: tiles, patchSize },
    defaultBackend,
    { ...execution, onProgress: () => {} },
  );
  return {
    scale,
    selection: selection.kind === 'global' ? { kind: 'tiles', tiles } : selection,
    count,
    available,
  };
}

function tooSmall(path: string, { width, height }: FeatureMap, patchSize: number): PerchError {
  return new PerchError(
    'IMAGE_TOO_SMALL',
    `The feature map of the normal image ${path} is ${width} x ${height} positions, smaller than a patch of ${patchSize} x ${patchSize}. ` +
      'Use larger normal images or a smaller patch size.',
  );
}
