import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ImageStats, OperatingPoints, ThresholdSweep } from '../../metrics/threshold-sweep.ts';
import { nativeModulePath } from '../../files/native-module.ts';
import { remedyFor } from '../../platform/remedies.ts';
import type { ImageScore, RegionSearch, RegionTotals } from '../fallback/image-score.ts';
import { type MutualScales, scaleCount } from '../fallback/mutual-distances.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { DescriptorSelection, PatchSelection } from '../references/selection.ts';
import type { FeatureMap, Isa } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';
import {
  type NativeExecution,
  type NativeJob,
  type Reference,
  referenceOf,
  run,
  type Statistic,
  statisticOf,
  withPerchErrors,
} from './native-job.ts';
import { splitDistances } from './split-distances.ts';

/** The computations in C++ (`native/`). */
export interface NativeBackend extends ComputeBackend {
  /** The code paths that this machine can run, fastest first. */
  readonly isas: readonly Isa[];
  openCuda: NativeModule['openCuda'];
}

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
  /** Loads the CUDA kernels. Throws an Error if that fails, or if there is no driver or device. */
  openCuda(path: string, needsDriver: boolean): CudaModule;
  ThresholdSweep: new () => {
    add(scores: Float32Array, groundTruth: Uint8Array, width: number, height: number): ImageStats;
    /** Thresholds, false positives, true positives and overlaps, one column after the other. */
    operatingPoints(execution: NativeExecution): NativeJob<Float64Array>;
  };
}

/** The exports of `native/binding/cuda.cpp`. */
export interface CudaModule {
  /** Name of the device. */
  name: string;
  computeCapability: string;
  memoryBytes: number;
  createImage(): CudaImage;
}

/**
 * Computations on the features of an image. The features stay on the device until others are given, `close` is called, or the object
 * is garbage-collected, so do not change their values.
 */
interface CudaImage {
  medianReference: Reference;
  fca: Statistic<Float32Array>;
  sww: Statistic<Float32Array>;
  fcaWithReferences: Statistic<PatchSelection>;
  swwWithReferences: Statistic<PatchSelection>;
  close(): void;
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
  return {
    isas: native.isas,
    openCuda: native.openCuda,
    medianReference: referenceOf(native.medianReference),
    meanReference: referenceOf(native.meanReference),
    fca: statisticOf(native.fca),
    qfca: statisticOf(native.qfca),
    sww: statisticOf(native.sww),
    fcaWithReferences: statisticOf(native.fcaWithReferences),
    swwWithReferences: statisticOf(native.swwWithReferences),
    moments: statisticOf(native.moments),
    histogram: statisticOf(native.histogram),
    knnMeanDistances: statisticOf(native.knnMeanDistances),
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
