import type { BaselineMethod, Provider } from '../api/schemas.ts';
import { baselineNamed } from '../methods/baselines/registry.ts';
import type { Extraction, GraphRunner } from '../methods/extractors/extractor.ts';
import { patchcoreMap } from '../methods/patchcore/scores.ts';
import type { AnomalyMap, RgbImage } from '../methods/types.ts';
import { anomalyMap, finishedMap, type SpanningMap } from './anomaly-map.ts';
import { decodeImage } from './decode.ts';
import { extractFrom, resized } from './features.ts';
import { type BankRequest, memoryBank } from './memory-bank.ts';
import type { Tasks } from './protocol.ts';
import { StageClock, type TaskContext } from './task.ts';

/** From an image file to its anomaly map (paper, eq. 1). */
export async function inspect(
  request: Tasks['inspect']['request'],
  context: TaskContext,
): Promise<Tasks['inspect']['answer']> {
  const clock = new StageClock(context);
  const { image, map, coverHeight, coverWidth, provider } = await imageMap(request, clock);
  // The map may be of a resized image; it is laid over the file's own pixels.
  const { resize } = request.method;
  const covered = {
    map,
    width: image.width,
    height: image.height,
    coverWidth: resize ? (coverWidth * image.width) / resize : coverWidth,
    coverHeight: resize ? (coverHeight * image.height) / resize : coverHeight,
  };
  return { covered, seconds: clock.seconds, provider };
}

interface ImageMap extends SpanningMap {
  image: RgbImage;
  provider: Provider;
}

async function imageMap(request: Tasks['inspect']['request'], clock: StageClock): Promise<ImageMap> {
  const { path, crop, maxPixels, method, normal = [] } = request;
  if ('baseline' in method) return baselineMap(request, method, clock);
  const { graphs, provider } = await clock.context.graphsOn(request.provider);
  const { image, extraction } = await extractFrom(
    { path, maxPixels, ...method, ...(crop ? { crop } : {}) },
    graphs,
    clock,
  );
  if ('bank' in method) {
    const map = await bankMap(extraction, { method, normal, maxPixels }, graphs, clock);
    return { image, ...extraction, map, provider };
  }
  const parameters = { ...method.parameters, patch: method.patch };
  const map = await anomalyMap(extraction.features, method, parameters, clock);
  const { resize = undefined, statistic } = method;
  const size = resize ? { height: resize, width: resize } : image;
  return { image, ...finishedMap(statistic, { ...extraction, map }, size), provider };
}

async function baselineMap(
  { path, crop, maxPixels }: Tasks['inspect']['request'],
  { baseline: name, resize }: BaselineMethod,
  clock: StageClock,
): Promise<ImageMap> {
  const baseline = baselineNamed(name);
  const image = await clock.time('decode', () => decodeImage(path, maxPixels, crop));
  const outcome = await clock.time('statistic', (execution) =>
    baseline.map(resized(image, resize), execution),
  );
  return { image, ...outcome, provider: 'cpu' };
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
  const { graphs, provider } = await context.graphsOn(request.provider);
  const { extraction } = await extractFrom(request, graphs, clock);
  return { features: extraction.features, seconds: clock.seconds, provider };
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
