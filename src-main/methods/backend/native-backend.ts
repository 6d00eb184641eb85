import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ErrorCode, errorCodes, PerchError } from '../../common/api/errors.ts';
import type { ImageStats, OperatingPoints, ThresholdSweep } from '../../metrics/threshold-sweep.ts';
import { nativeModulePath } from '../../files/native-module.ts';
import { remedyFor } from '../../platform/remedies.ts';
import type { ImageScore, RegionSearch, RegionTotals } from '../fallback/image-score.ts';
import { type MutualScales, scaleCount } from '../fallback/mutual-distances.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { DescriptorSelection } from '../references/selection.ts';
import type { Execution, FeatureMap, Isa } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';
import { splitDistances } from './split-distances.ts';

/** The computations in C++ (`native/`). */
export interface NativeBackend extends ComputeBackend {
  /** The code paths that this machine can run, fastest first. */
  readonly isas: readonly Isa[];
}

/** A computation that the native module has started. */
interface NativeJob<Outcome = Float32Array> {
  promise: Promise<Outcome>;
  cancel(): void;
}

type NativeExecution = Pick<Execution, 'threads' | 'isa' | 'onProgress'>;

type Statistic<Reference> = (
  features: FeatureMap,
  reference: Reference,
  parameters: { patchSize: number },
  execution: NativeExecution,
) => NativeJob;

type Reference = (
  features: FeatureMap,
  patchSize: number,
  execution: NativeExecution,
  tiles?: Uint32Array,
) => NativeJob;

type RegionOptions = Omit<RegionSearch, 'mask'> & { width: number; height: number };

/** The exports of `native/binding/module.cpp`. Every function checks its arguments and throws a TypeError or RangeError. */
export interface NativeModule {
  isas: readonly Isa[];
  medianReference: Reference;
  meanReference: Reference;
  fca: Statistic<Float32Array>;
  qfca: Statistic<Float32Array>;
  sww: Statistic<Float32Array>;
  fcaWithReferences: Statistic<DescriptorSelection>;
  swwWithReferences: Statistic<DescriptorSelection>;
  moments: Statistic<DescriptorSelection>;
  histogram: Statistic<DescriptorSelection>;
  knnMeanDistances: Statistic<DescriptorSelection>;
  nearestDistances(rows: Patches, memory: Patches, execution: NativeExecution): NativeJob;
  /** For each other image, the distances of the image's patches to it, then those of its patches to the image. */
  mutualDistances(
    image: FeatureMap,
    others: readonly FeatureMap[],
    scales: Omit<MutualScales, 'sides'> & { sides: Uint32Array },
    execution: NativeExecution,
  ): NativeJob;
  residualEnergy(
    features: FeatureMap,
    mean: Float64Array,
    directions: Patches,
    execution: NativeExecution,
  ): NativeJob;
  imageScore(scores: Float32Array, mask: Uint8Array | undefined, options: RegionOptions): ImageScore | null;
  measureRegions(
    scores: Float32Array,
    mask: Uint8Array | undefined,
    threshold: number,
    options: RegionOptions,
  ): RegionTotals;
  ThresholdSweep: new () => {
    add(scores: Float32Array, groundTruth: Uint8Array, width: number, height: number): ImageStats;
    /** Thresholds, false positives, true positives and overlaps, one column after the other. */
    operatingPoints(execution: NativeExecution): NativeJob<Float64Array>;
  };
}

let loaded: { backend?: NativeBackend; error?: string } | undefined;

/** The native backend; undefined if it was not built or cannot be loaded. */
export function loadNativeBackend(): NativeBackend | undefined {
  loaded ??= load();
  return loaded.backend;
}

/** Why the native module cannot be loaded although it was built; undefined if there is no such problem. */
export function nativeWarning(): string | undefined {
  loadNativeBackend();
  if (loaded?.error === undefined) return undefined;
  return `The native module cannot be loaded (${loaded.error}). Perch uses its WebAssembly build. ${remedyFor('nativeModule')}`;
}

function load(): { backend?: NativeBackend; error?: string } {
  if (!existsSync(nativeModulePath)) return {};
  try {
    return { backend: createBackend(createRequire(import.meta.url)(nativeModulePath) as NativeModule) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function createBackend(native: NativeModule): NativeBackend {
  const reference =
    (start: Reference): ComputeBackend['medianReference'] =>
    (features, patchSize, execution, tiles) =>
      run(execution, (options) => start(features, patchSize, options, tiles));
  const sortedStatistic =
    (start: Statistic<Float32Array>) =>
    <P extends { patchSize: number }>(
      features: FeatureMap,
      lists: Float32Array,
      parameters: P,
      execution: Execution,
    ) =>
      run(execution, (options) => start(features, lists, parameters, options));
  const statistic =
    (start: Statistic<DescriptorSelection>) =>
    <P extends { patchSize: number }>(
      features: FeatureMap,
      references: DescriptorSelection,
      parameters: P,
      execution: Execution,
    ) =>
      run(execution, (options) => start(features, references, parameters, options));
  return {
    isas: native.isas,
    medianReference: reference(native.medianReference),
    meanReference: reference(native.meanReference),
    fca: sortedStatistic(native.fca),
    qfca: sortedStatistic(native.qfca),
    sww: sortedStatistic(native.sww),
    fcaWithReferences: statistic(native.fcaWithReferences),
    swwWithReferences: statistic(native.swwWithReferences),
    moments: statistic(native.moments),
    histogram: statistic(native.histogram),
    knnMeanDistances: statistic(native.knnMeanDistances),
    nearestDistances: (rows, memory, execution) =>
      run(execution, (options) => native.nearestDistances(rows, memory, options)),
    mutualDistances: async (image, others, scales, execution) => {
      const given = { ...scales, sides: Uint32Array.from(scales.sides) };
      const values = await run(execution, (options) => native.mutualDistances(image, others, given, options));
      return splitDistances(values, image, others, scaleCount(scales));
    },
    residualEnergy: (features, mean, directions, execution) =>
      run(execution, (options) => native.residualEnergy(features, mean, directions, options)),
    imageScore: ({ values, width, height }, { mask, ...limits }) =>
      withPerchErrors(() => native.imageScore(values, mask, { width, height, ...limits })),
    measureRegions: ({ values, width, height }, threshold, { mask, ...limits }) =>
      withPerchErrors(() => native.measureRegions(values, mask, threshold, { width, height, ...limits })),
    createThresholdSweep: () => createThresholdSweep(native),
  };
}

function createThresholdSweep(native: NativeModule): ThresholdSweep {
  const sweep = new native.ThresholdSweep();
  return {
    add: ({ scores, groundTruth, width, height }) =>
      withPerchErrors(() => sweep.add(scores, groundTruth, width, height)),
    operatingPoints: async (execution) =>
      splitColumns(await run<Float64Array>(execution, (options) => sweep.operatingPoints(options))),
  };
}

function splitColumns(values: Float64Array): OperatingPoints {
  const count = values.length / 4;
  const column = (index: number) => values.subarray(index * count, (index + 1) * count);
  return { threshold: column(0), falsePositives: column(1), truePositives: column(2), overlap: column(3) };
}

async function run<Outcome = Float32Array>(
  { threads, isa = 'auto', signal, onProgress }: Execution,
  start: (execution: NativeExecution) => NativeJob<Outcome>,
): Promise<Outcome> {
  signal?.throwIfAborted();
  let cancel = () => {};
  try {
    const job = start({ threads, isa, ...(onProgress && { onProgress }) });
    cancel = job.cancel;
    signal?.addEventListener('abort', cancel);
    const outcome = await job.promise;
    signal?.throwIfAborted();
    return outcome;
  } catch (error) {
    signal?.throwIfAborted();
    throw toPerchError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function withPerchErrors<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw toPerchError(error);
  }
}

/** Errors of the native module carry a code. An error without one is a bug and passes unchanged. */
function toPerchError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = errorCodes.find((known): known is ErrorCode => known === error.code);
  return code ? new PerchError(code, error.message, error) : error;
}
