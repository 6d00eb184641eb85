import { PerchError } from '../../common/api/errors.ts';
import type { AnyMethod, BaselineMethod, PatchCoreMethod, Provider } from '../../common/api/schemas.ts';
import { baselineNamed } from '../../methods/baselines/registry.ts';
import { comparableExtract, unscaledExtract } from '../../methods/extractors/comparable.ts';
import type { Extraction, Extractor, ModelRunner } from '../../methods/extractors/extractor.ts';
import { patchcoreMap } from '../../methods/patchcore/patchcore-map.ts';
import { resolvePatchSize } from '../../methods/patch-window.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import type { RgbImage } from '../../methods/types.ts';
import { computeAnomalyMap, postprocess, assertFiniteMap, type ExtentMap } from './anomaly-map.ts';
import { inspectLarge } from './blocks/inspect-large.ts';
import { decodeCached, extractCached, resizeImage } from './features.ts';
import type { DecodedImage } from './image-cache.ts';
import { getMemoryBank } from './memory-bank.ts';
import type { NormalRequest } from './normal-images.ts';
import { compareWithMemory } from './normal-memory.ts';
import { compareWithNormal } from './normal-reference.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { inspectWithNetwork } from './network.ts';
import { assertAnyInside, assertRegionFits, insideFeatures, placeOnFile } from './region.ts';
import { StageTimer, type HandlerContext } from '../runtime/handler-context.ts';

/**
 * Computes the anomaly map of an image file (paper, eq. 1). While one inspection computes, the next decodes its image. Inspections of
 * the same image share the decoded image and its features. Large images are inspected in blocks.
 */
export async function inspect(
  request: EngineRequests['inspect']['request'],
  context: HandlerContext,
): Promise<EngineRequests['inspect']['response']> {
  const large = await inspectLarge(request, context);
  if (large) return large;
  const timer = new StageTimer(context);
  using source = await decodeCached(request, timer);
  assertRegionFits(request, source.value);
  using _lock = await context.computeMutex.acquire(context.signal);
  const { map, extentHeight, extentWidth, ...origin } = await imageMap(source, request, timer);
  const placed: PlacedMap = {
    map: assertFiniteMap(map, 'baseline' in request.method ? `"${request.method.baseline}"` : 'the method'),
    ...placeOnFile({ extentHeight, extentWidth }, source.value, request),
  };
  assertAnyInside(placed, request.path);
  const { notes } = source.value;
  return { placed, notes, seconds: timer.seconds, imageSha256: source.sha256, ...origin };
}

/** A map with the origin of its features. */
interface ImageMap extends ExtentMap {
  provider: Provider;
  modelSha256: string | null;
  statisticDevice?: string;
  chosen?: Record<string, number>;
  /** The method's own score of the image. */
  imageScore?: number;
}

async function imageMap(
  source: DecodedImage,
  request: EngineRequests['inspect']['request'],
  timer: StageTimer,
): Promise<ImageMap> {
  const { maxPixels, method, normal = [] } = request;
  if ('baseline' in method) return baselineMap(source.value, method, timer);
  const { runner, provider } = await timer.context.runnerFor(request.provider);
  if ('network' in method)
    return { ...(await inspectWithNetwork(source.value, { ...request, method }, runner, timer)), provider };
  const { extraction, modelSha256 } = await extractCached(
    source,
    { ...request, ...method, chooseExtract: extractFor(method) },
    { runner, provider },
    timer,
  );
  const origin = { provider, modelSha256 };
  if ('coresetRatio' in method) {
    const map = await bankMap(
      extraction,
      { method, normal, maxPixels, region: request.region },
      runner,
      timer,
    );
    return { ...extraction, map, ...origin };
  }
  const compared = { normal, maxPixels, region: request.region };
  if ('memory' in method)
    return {
      ...extraction,
      ...(await compareWithMemory(extraction, { ...compared, method }, runner, timer)),
      ...origin,
    };
  if ('set' in method) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${method.set}" compares the images of a set, not single images.`,
    );
  }
  using device = await timer.context.statisticDeviceFor(request.provider);
  const ranOn = () => {
    const statisticDevice = device.ranOn();
    return statisticDevice === undefined ? {} : { statisticDevice };
  };
  const { resize = undefined, statistic } = method;
  const size = resize ? { height: resize, width: resize } : source.value;
  const { method: sized, ...choice } = resolvePatchSize(method, size);
  if ('normal' in method) {
    const { map, chosen } = await compareWithNormal(
      extraction.features,
      { ...compared, method: sized },
      { runner, backend: device.backend },
      timer,
    );
    const all = { ...choice.chosen, ...chosen };
    return {
      ...extraction,
      map,
      ...origin,
      ...ranOn(),
      ...(Object.keys(all).length > 0 && { chosen: all }),
    };
  }
  const parameters = { ...sized.parameters, patchSize: sized.patchSize };
  const inside = insideFeatures(extraction, source.value, request);
  const map = await computeAnomalyMap({ features: extraction.features, inside }, method, parameters, timer, {
    backend: device.backend,
  });
  return { ...postprocess(statistic, { ...extraction, map }, size), ...origin, ...ranOn(), ...choice };
}

/** Chooses the features that a method compares with those of other images. */
function extractFor(method: AnyMethod): (extractor: Extractor) => Extractor['extract'] {
  if ('normal' in method) return unscaledExtract;
  return 'memory' in method ? comparableExtract : ({ extract }) => extract;
}

async function baselineMap(
  image: RgbImage,
  { baseline: name, resize }: BaselineMethod,
  timer: StageTimer,
): Promise<ImageMap> {
  const baseline = baselineNamed(name);
  const outcome = await timer.time('statistic', (execution) =>
    baseline.map(resizeImage(image, resize), execution),
  );
  return { ...outcome, provider: 'cpu', modelSha256: null };
}

async function bankMap(
  extraction: Extraction,
  request: NormalRequest<PatchCoreMethod>,
  runner: ModelRunner,
  timer: StageTimer,
): Promise<AnomalyMap> {
  const bank = await timer.time('reference', (execution) => getMemoryBank(request, runner, execution));
  return timer.time('statistic', (execution) => patchcoreMap(extraction, bank, runner, execution));
}

/** The first half of a method: extracts scaled features from an image file. */
export async function extract(
  request: EngineRequests['extract']['request'],
  context: HandlerContext,
): Promise<EngineRequests['extract']['response']> {
  const timer = new StageTimer(context);
  const backend = await context.runnerFor(request.provider);
  const source = await decodeCached(request, timer);
  const { extraction } = await extractCached(source, request, backend, timer);
  const { notes } = source.value;
  return { features: extraction.features, notes, seconds: timer.seconds, provider: backend.provider };
}

/** The second half of a method: computes an anomaly map from features. */
export async function score(
  { features, parameters, isa, ...method }: EngineRequests['score']['request'],
  context: HandlerContext,
): Promise<EngineRequests['score']['response']> {
  const timer = new StageTimer(context);
  const map = await computeAnomalyMap({ features }, method, parameters, timer, { isa });
  return { values: map.values, seconds: timer.seconds };
}
