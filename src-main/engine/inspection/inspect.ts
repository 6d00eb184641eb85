import type { BaselineMethod, Provider } from '../../common/api/schemas.ts';
import { baselineNamed } from '../../methods/baselines/registry.ts';
import type { Extraction, GraphRunner } from '../../methods/extractors/extractor.ts';
import { patchcoreMap } from '../../methods/patchcore/patchcore-map.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { RgbImage } from '../../methods/types.ts';
import { anomalyMap, finishedMap, finite, type SpanningMap } from './anomaly-map.ts';
import { decoded, extractFrom, resized } from './features.ts';
import type { DecodedImage } from './caches.ts';
import { type BankRequest, memoryBank } from './memory-bank.ts';
import type { Tasks } from '../protocol/messages.ts';
import { StageClock, type TaskContext } from '../runtime/handler-context.ts';

/**
 * From an image file to its anomaly map (paper, eq. 1). Of several at once, one computes and the next decodes ahead; those of
 * the same image share what they can.
 */
export async function inspect(
  request: Tasks['inspect']['request'],
  context: TaskContext,
): Promise<Tasks['inspect']['answer']> {
  const clock = new StageClock(context);
  const source = await decoded(request, clock);
  using _turn = await context.turns.take(context.signal);
  const { map, extentHeight, extentWidth, ...origin } = await imageMap(source, request, clock);
  const { width, height } = source.value;
  // The map may be of a resized image; it is laid over the file's own pixels.
  const { resize } = request.method;
  const placed = {
    map: finite(map, 'baseline' in request.method ? `"${request.method.baseline}"` : 'the method'),
    width,
    height,
    extentWidth: resize ? (extentWidth * width) / resize : extentWidth,
    extentHeight: resize ? (extentHeight * height) / resize : extentHeight,
  };
  const { notes } = source.value;
  return { placed, notes, seconds: clock.seconds, imageSha256: source.sha256, ...origin };
}

interface ImageMap extends SpanningMap {
  provider: Provider;
  modelSha256: string | null;
}

async function imageMap(
  source: DecodedImage,
  request: Tasks['inspect']['request'],
  clock: StageClock,
): Promise<ImageMap> {
  const { maxPixels, method, normal = [] } = request;
  if ('baseline' in method) return baselineMap(source.value, method, clock);
  const { graphs, provider } = await clock.context.graphsOn(request.provider);
  const { extraction, modelSha256 } = await extractFrom(
    source,
    { ...request, ...method },
    { graphs, provider },
    clock,
  );
  const origin = { provider, modelSha256 };
  if ('coresetRatio' in method) {
    const map = await bankMap(extraction, { method, normal, maxPixels }, graphs, clock);
    return { ...extraction, map, ...origin };
  }
  const parameters = { ...method.parameters, patchSize: method.patchSize };
  const map = await anomalyMap(extraction.features, method, parameters, clock);
  const { resize = undefined, statistic } = method;
  const size = resize ? { height: resize, width: resize } : source.value;
  return { ...finishedMap(statistic, { ...extraction, map }, size), ...origin };
}

async function baselineMap(
  image: RgbImage,
  { baseline: name, resize }: BaselineMethod,
  clock: StageClock,
): Promise<ImageMap> {
  const baseline = baselineNamed(name);
  const outcome = await clock.time('statistic', (execution) =>
    baseline.map(resized(image, resize), execution),
  );
  return { ...outcome, provider: 'cpu', modelSha256: null };
}

async function bankMap(
  extraction: Extraction,
  request: BankRequest,
  graphs: GraphRunner,
  clock: StageClock,
): Promise<AnomalyMap> {
  const bank = await clock.time('reference', (execution) => memoryBank(request, graphs, execution));
  return clock.time('statistic', (execution) => patchcoreMap(extraction, bank, graphs, execution));
}

/** The first half: from an image file to scaled features. */
export async function extract(
  request: Tasks['extract']['request'],
  context: TaskContext,
): Promise<Tasks['extract']['answer']> {
  const clock = new StageClock(context);
  const backend = await context.graphsOn(request.provider);
  const source = await decoded(request, clock);
  const { extraction } = await extractFrom(source, request, backend, clock);
  const { notes } = source.value;
  return { features: extraction.features, notes, seconds: clock.seconds, provider: backend.provider };
}

/** The second half: from features to scores. */
export async function statistic(
  { features, parameters, isa, ...method }: Tasks['statistic']['request'],
  context: TaskContext,
): Promise<Tasks['statistic']['answer']> {
  const clock = new StageClock(context);
  const map = await anomalyMap(features, method, parameters, clock, isa);
  return { values: map.values, seconds: clock.seconds };
}
