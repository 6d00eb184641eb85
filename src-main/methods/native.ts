import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, errorCodes, PerchError } from '../common/api/errors.ts';
import type { AddedImage, Corners, PixelSweep } from '../metrics/corners.ts';
import { remedyFor } from '../platform/remedies.ts';
import type { VectorSelection, Windows } from './references/selection.ts';
import type { Execution, FeatureMap, Isa } from './types.ts';

/**
 * The native core. Each function rejects with a `PerchError`: `INVALID_FEATURES` where a feature is not finite,
 * `INVALID_ARGUMENT` where a shape or parameter is outside its limits; or with the signal's reason. Until it settles, the
 * arrays it was given must be neither changed nor transferred.
 */
export interface NativeCore {
  /** The code paths that this machine can run, fastest first. */
  readonly isas: readonly Isa[];
  /** Median reference (paper, eq. 7): C ascending lists of T*T values, C x T*T. */
  medianReference(features: FeatureMap, patch: number, execution: Execution): Promise<Float32Array>;
  /** The average over tiles of their sorted values (paper, Table 7): C ascending lists of T*T values, C x T*T. */
  meanReference(features: FeatureMap, patch: number, execution: Execution): Promise<Float32Array>;
  /** Feature Correspondence Analysis (paper, eq. 5 and 6): H x W. Cost O(C H W T^2). */
  fca(
    features: FeatureMap,
    reference: Float32Array,
    parameters: { patch: number; sigmaP: number; sigmaS: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Sample-weighted Wasserstein distance (paper, eq. 4): H x W. Cost O(C H W T^2). */
  sww(
    features: FeatureMap,
    reference: Float32Array,
    parameters: { patch: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** FCA with windows of the image as references; costs as in statistics/fca.ts. */
  fcaAgainst(
    features: FeatureMap,
    windows: Windows,
    parameters: { patch: number; sigmaP: number; sigmaS: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** SWW with windows of the image as references. */
  swwAgainst(
    features: FeatureMap,
    windows: Windows,
    parameters: { patch: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean over the first four moments of each channel of the squared difference (paper, eq. 2): H x W. */
  moments(
    features: FeatureMap,
    reference: VectorSelection,
    parameters: { patch: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean over channels of the earth mover's distance of histograms, as a fraction of the bins (paper, eq. 3): H x W. */
  histogram(
    features: FeatureMap,
    reference: VectorSelection,
    parameters: { patch: number; sigma: number; bins: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean squared L2 distance of a patch's mean to the nearest ones, summed over channels (Aota et al.): H x W. */
  meanDistances(
    features: FeatureMap,
    nearest: Extract<Windows, { kind: 'nearest' }>,
    parameters: { patch: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** A sweep over the pixels of a class, in O(n) (native/include/perch/scored_pixels.hpp). */
  scoredPixels(): PixelSweep;
}

/** A computation that the add-on has started. */
interface Task<Outcome = Float32Array> {
  promise: Promise<Outcome>;
  cancel(): void;
}

type AddonExecution = Pick<Execution, 'threads' | 'isa' | 'onProgress'>;

/** What native/binding/addon.cpp exports. */
interface Addon {
  isas: readonly Isa[];
  medianReference(features: FeatureMap, patch: number, execution: AddonExecution): Task;
  fca(features: FeatureMap, reference: Float32Array, parameters: object, execution: AddonExecution): Task;
  sww(features: FeatureMap, reference: Float32Array, parameters: object, execution: AddonExecution): Task;
  meanReference(features: FeatureMap, patch: number, execution: AddonExecution): Task;
  fcaAgainst: AgainstSelection;
  swwAgainst: AgainstSelection;
  moments: AgainstSelection;
  histogram: AgainstSelection;
  meanDistances: AgainstSelection;
  ScoredPixels: new () => {
    add(scores: Float32Array, groundTruth: Uint8Array, width: number, height: number): AddedImage;
    sweep(execution: AddonExecution): Task<Float64Array>;
  };
}

type AgainstSelection = (
  features: FeatureMap,
  reference: VectorSelection,
  parameters: object,
  execution: AddonExecution,
) => Task;

const path = fileURLToPath(new URL('../../native/build/Release/perch.node', import.meta.url));

let loaded: { core?: NativeCore; error?: string } | undefined;

/** The native core; undefined where it was not built or cannot be loaded. */
export function loadNative(): NativeCore | undefined {
  loaded ??= load();
  return loaded.core;
}

/** What to say and to do where there is no native core; undefined where there is. */
export function nativeWarning(): string | undefined {
  if (loadNative()) return undefined;
  return (
    `The native module is missing (${loaded?.error ?? 'not built'}); computing is many times slower. ` +
    remedyFor('nativeModule')
  );
}

function load(): { core?: NativeCore; error?: string } {
  if (!existsSync(path)) return {};
  try {
    return { core: coreOf(createRequire(import.meta.url)(path) as Addon) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function coreOf(addon: Addon): NativeCore {
  return {
    isas: addon.isas,
    medianReference: (features, patch, execution) =>
      run(execution, (how) => addon.medianReference(features, patch, how)),
    fca: (features, reference, parameters, execution) =>
      run(execution, (how) => addon.fca(features, reference, parameters, how)),
    sww: (features, reference, parameters, execution) =>
      run(execution, (how) => addon.sww(features, reference, parameters, how)),
    meanReference: (features, patch, execution) =>
      run(execution, (how) => addon.meanReference(features, patch, how)),
    fcaAgainst: (features, windows, parameters, execution) =>
      run(execution, (how) => addon.fcaAgainst(features, windows, parameters, how)),
    swwAgainst: (features, windows, parameters, execution) =>
      run(execution, (how) => addon.swwAgainst(features, windows, parameters, how)),
    moments: (features, reference, parameters, execution) =>
      run(execution, (how) => addon.moments(features, reference, parameters, how)),
    histogram: (features, reference, parameters, execution) =>
      run(execution, (how) => addon.histogram(features, reference, parameters, how)),
    meanDistances: (features, nearest, parameters, execution) =>
      run(execution, (how) => addon.meanDistances(features, nearest, parameters, how)),
    scoredPixels: () => sweepOf(addon),
  };
}

function sweepOf(addon: Addon): PixelSweep {
  const pixels = new addon.ScoredPixels();
  return {
    add: ({ scores, groundTruth, width, height }) =>
      typed(() => pixels.add(scores, groundTruth, width, height)),
    corners: async (execution) => cornersOf(await run<Float64Array>(execution, (how) => pixels.sweep(how))),
  };
}

/** Threshold, false positives, true positives and overlap of all corners, one column after the other. */
function cornersOf(values: Float64Array): Corners {
  const count = values.length / 4;
  const column = (at: number) => values.subarray(at * count, (at + 1) * count);
  return { threshold: column(0), falsePositives: column(1), truePositives: column(2), overlap: column(3) };
}

function typed<Outcome>(call: () => Outcome): Outcome {
  try {
    return call();
  } catch (error) {
    throw perchErrorOf(error);
  }
}

async function run<Outcome = Float32Array>(
  { threads, isa = 'auto', signal, onProgress }: Execution,
  start: (execution: AddonExecution) => Task<Outcome>,
): Promise<Outcome> {
  signal?.throwIfAborted();
  let cancel = () => {};
  try {
    const task = start({ threads, isa, ...(onProgress && { onProgress }) });
    cancel = task.cancel;
    signal?.addEventListener('abort', cancel);
    return await task.promise;
  } catch (error) {
    signal?.throwIfAborted();
    throw perchErrorOf(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** The add-on's errors carry a code; one without is a defect and passes as it is. */
function perchErrorOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = errorCodes.find((known): known is ErrorCode => known === error.code);
  return code ? new PerchError(code, error.message, error) : error;
}
