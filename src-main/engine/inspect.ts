import { PerchError } from '../api/errors.ts';
import type { BaselineMethod, Method, Provider } from '../api/schemas.ts';
import { baselineNamed } from '../methods/baselines/registry.ts';
import { core } from '../methods/core.ts';
import type { Extraction, GraphRunner } from '../methods/extractors/extractor.ts';
import { patchcoreMap } from '../methods/patchcore/scores.ts';
import { referenceFor, statisticNamed } from '../methods/registry.ts';
import type { AnomalyMap, FeatureMap, Isa, RgbImage } from '../methods/types.ts';
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

/** An anomaly map and the size, in pixels of the image after any resizing, of the area that it spans. */
interface ImageMap {
  image: RgbImage;
  map: AnomalyMap;
  coverHeight: number;
  coverWidth: number;
  provider: Provider;
}

async function imageMap(request: Tasks['inspect']['request'], clock: StageClock): Promise<ImageMap> {
  const { path, maxPixels, method, normal = [] } = request;
  if ('baseline' in method) return baselineMap(path, method, maxPixels, clock);
  const { graphs, provider } = await clock.context.graphsOn(request.provider);
  const { image, extraction } = await extractFrom({ path, maxPixels, ...method }, graphs, clock);
  const { features, coverHeight, coverWidth } = extraction;
  const map =
    'bank' in method
      ? await bankMap(extraction, { method, normal, maxPixels }, graphs, clock)
      : await anomalyMap(features, method, { patch: method.patch }, clock);
  return { image, map, coverHeight, coverWidth, provider };
}

async function baselineMap(
  path: string,
  { baseline: name, resize }: BaselineMethod,
  maxPixels: number,
  clock: StageClock,
): Promise<ImageMap> {
  const baseline = baselineNamed(name);
  const image = await clock.time('decode', () => decodeImage(path, maxPixels));
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

async function anomalyMap(
  features: FeatureMap,
  method: Pick<Method, 'statistic'> & { reference: string | undefined },
  given: Record<string, number>,
  clock: StageClock,
  isa?: Isa | 'auto',
): Promise<AnomalyMap> {
  const chosen = statisticNamed(method.statistic);
  const reference = referenceFor(chosen, method.reference ?? chosen.references[0]);
  const parsed = chosen.parameters.safeParse(given);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new PerchError('INVALID_ARGUMENT', `The statistic "${chosen.name}" refuses ${reasons.join('; ')}.`);
  }
  const { patch } = parsed.data;
  refuseSmallMap(features, patch);
  const forced = isa ? { isa } : {};
  const selected = await clock.time('reference', (execution) =>
    reference.select(features, patch, core, { ...execution, ...forced }),
  );
  return clock.time('statistic', (execution) =>
    chosen.compute(features, selected, parsed.data, core, { ...execution, ...forced }),
  );
}

function refuseSmallMap({ height, width }: FeatureMap, patch: number): void {
  if (Math.min(height, width) >= patch) return;
  throw new PerchError(
    'IMAGE_TOO_SMALL',
    `The feature map is ${width} x ${height} positions; a patch of ${patch} x ${patch} does not fit in. ` +
      'Use a larger image or a smaller --patch.',
  );
}
