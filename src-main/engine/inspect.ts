import os from 'node:os';
import { PerchError } from '../api/errors.ts';
import type { Method, Provider, ProviderChoice, Stage } from '../api/schemas.ts';
import { resizePlane } from '../maps/resize.ts';
import { core } from '../methods/core.ts';
import type { Extraction, Extractor, GraphRunner } from '../methods/extractors/extractor.ts';
import { extractorNamed, referenceFor, statisticNamed } from '../methods/registry.ts';
import type { AnomalyMap, FeatureMap, Isa, RgbImage } from '../methods/types.ts';
import { decodeImage } from './decode.ts';
import type { Progress, StageSeconds, Tasks } from './protocol.ts';

/** What a task runs with: the engine's means, and the way to report and to be stopped. */
export interface TaskContext {
  /** What runs graphs on the provider that was wished for, or on the CPU where that cannot be used. */
  graphsOn(choice: ProviderChoice): Promise<{ graphs: GraphRunner; provider: Provider }>;
  threads: number;
  signal: AbortSignal;
  report(progress: Progress): void;
}

/** From an image file to its anomaly map (paper, eq. 1). */
export async function inspect(
  { path, method, maxPixels, provider: wished }: Tasks['inspect']['request'],
  context: TaskContext,
): Promise<Tasks['inspect']['answer']> {
  const clock = new StageClock(context);
  const { graphs, provider } = await context.graphsOn(wished);
  const { image, extraction } = await extractFrom({ path, maxPixels, ...method }, graphs, clock);
  const map = await anomalyMap(extraction.features, method, { patch: method.patch }, clock);
  // The features may be of a resized image; the map is laid over the file's own pixels.
  const scaleX = method.resize ? image.width / method.resize : 1;
  const scaleY = method.resize ? image.height / method.resize : 1;
  const covered = {
    map,
    width: image.width,
    height: image.height,
    coverWidth: extraction.coverWidth * scaleX,
    coverHeight: extraction.coverHeight * scaleY,
  };
  return { covered, seconds: clock.seconds, provider };
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

async function extractFrom(
  request: { path: string; extractor: string; resize?: number | undefined; maxPixels: number },
  graphs: GraphRunner,
  clock: StageClock,
): Promise<{ image: RgbImage; extraction: Extraction }> {
  const { path, resize } = request;
  const extractor = extractorNamed(request.extractor);
  const image = await clock.time('decode', () => decodeImage(path, request.maxPixels));
  const input = resize ? resizeImage(image, resize) : image;
  refuseUnfit(path, input, extractor);
  const extraction = await clock.time('extract', (execution) => extractor.extract(input, graphs, execution));
  return { image, extraction };
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

function resizeImage({ values, height, width }: RgbImage, side: number): RgbImage {
  const resized = new Float32Array(3 * side * side);
  for (let plane = 0; plane < 3; plane++) {
    const source = {
      values: values.subarray(plane * height * width, (plane + 1) * height * width),
      height,
      width,
    };
    resized.set(resizePlane(source, { height: side, width: side }), plane * side * side);
  }
  return { values: resized, height: side, width: side };
}

function refuseUnfit(path: string, { height, width }: RgbImage, extractor: Extractor): void {
  if (Math.min(height, width) < extractor.minSide) {
    throw new PerchError(
      'IMAGE_TOO_SMALL',
      `${path} is ${width} x ${height} pixels; the extractor "${extractor.name}" needs at least ` +
        `${extractor.minSide} x ${extractor.minSide}. Use a larger image.`,
    );
  }
  const needed = height * width * extractor.bytesPerPixel;
  if (needed > os.totalmem() * 0.8) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} is ${width} x ${height} pixels; the extractor "${extractor.name}" would need about ${gib(needed)} of ` +
        `memory and this machine has ${gib(os.totalmem())}. Shrink it with --resize, or cut it into parts.`,
    );
  }
}

function refuseSmallMap({ height, width }: FeatureMap, patch: number): void {
  if (Math.min(height, width) >= patch) return;
  throw new PerchError(
    'IMAGE_TOO_SMALL',
    `The feature map is ${width} x ${height} positions; a patch of ${patch} x ${patch} does not fit in. ` +
      'Use a larger image or a smaller --patch.',
  );
}

/** Times the stages of one task, passes their progress on, and stops between them when the task is cancelled. */
class StageClock {
  readonly seconds: StageSeconds = {};
  readonly context: TaskContext;

  constructor(context: TaskContext) {
    this.context = context;
  }

  async time<Result>(
    stage: Stage,
    work: (execution: {
      threads: number;
      signal: AbortSignal;
      onProgress: (fraction: number) => void;
    }) => Promise<Result>,
  ): Promise<Result> {
    const { threads, signal, report } = this.context;
    signal.throwIfAborted();
    report({ stage, fraction: 0 });
    const start = performance.now();
    const result = await work({ threads, signal, onProgress: (fraction) => report({ stage, fraction }) });
    this.seconds[stage] = (performance.now() - start) / 1000;
    return result;
  }
}
