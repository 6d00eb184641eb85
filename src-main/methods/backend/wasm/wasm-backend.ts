import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { wasmFolder } from '../../../files/native-module.ts';
import type { DescriptorSelection } from '../../references/selection.ts';
import type { Execution, FeatureMap } from '../../types.ts';
import type { ComputeBackend } from '../compute-backend.ts';
import { imageScore, measureRegions } from './region-calls.ts';
import { WasmThreadPool } from './thread-pool.ts';
import { WasmThresholdSweep } from './wasm-threshold-sweep.ts';

/** The values of `ReferenceKind` in `native/wasm/exports.cpp`. */
const REFERENCE_KINDS = { global: 0, indices: 1, all: 2, nearest: 3 } as const;

/** A pool with more memory than this is closed after the call, since WebAssembly memory never shrinks. */
const KEPT_BYTES = 256 * 2 ** 20;

/** Whether the WebAssembly build of the core is part of this installation. */
export const hasWasmCore = (): boolean => existsSync(fileURLToPath(new URL('perch.wasm', wasmFolder)));

let pool: WasmThreadPool | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The C++ core compiled to WebAssembly, for installations without the native module. */
export const wasmBackend: ComputeBackend = {
  medianReference: (features, patchSize, execution, tiles) =>
    reference('median_reference', features, patchSize, execution, tiles),
  meanReference: (features, patchSize, execution, tiles) =>
    reference('mean_reference', features, patchSize, execution, tiles),
  fca: (features, lists, { patchSize, sigmaP, sigmaS }, execution) =>
    sortedStatistic('fca', features, lists, [patchSize, sigmaP, sigmaS], execution),
  sww: (features, lists, { patchSize, sigma }, execution) =>
    sortedStatistic('sww', features, lists, [patchSize, sigma], execution),
  fcaWithReferences: (features, selection, { patchSize, sigmaP, sigmaS }, execution) =>
    statistic('fca_with_references', features, selection, [patchSize, sigmaP, sigmaS], execution),
  swwWithReferences: (features, selection, { patchSize, sigma }, execution) =>
    statistic('sww_with_references', features, selection, [patchSize, sigma], execution),
  moments: (features, selection, { patchSize, sigma }, execution) =>
    statistic('moments', features, selection, [patchSize, sigma], execution),
  histogram: (features, selection, { patchSize, sigma, bins }, execution) =>
    statistic('histogram', features, selection, [patchSize, sigma, bins], execution),
  knnMeanDistances: (features, selection, { patchSize, sigma }, execution) =>
    statistic('knn_mean_distances', features, selection, [patchSize, sigma], execution),
  imageScore,
  measureRegions,
  createThresholdSweep: () => new WasmThresholdSweep(),
};

function reference(
  name: string,
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
  tiles: Uint32Array = new Uint32Array(),
) {
  const length = features.channels * patchSize ** 2;
  return compute(name, { features, arrays: [tiles], length, execution }, (mapAddress, [at]) => [
    patchSize,
    at,
    tiles.length,
    mapAddress,
  ]);
}

function sortedStatistic(
  name: string,
  features: FeatureMap,
  lists: Float32Array,
  parameters: number[],
  execution: Execution,
) {
  const length = features.height * features.width;
  return compute(name, { features, arrays: [lists], length, execution }, (mapAddress, [at]) => [
    at,
    lists.length,
    ...parameters,
    mapAddress,
  ]);
}

function statistic(
  name: string,
  features: FeatureMap,
  selection: DescriptorSelection,
  parameters: number[],
  execution: Execution,
) {
  const length = features.height * features.width;
  const patches = ('indices' in selection ? selection.indices : selection.among) ?? new Uint32Array();
  const k = 'k' in selection ? selection.k : 0;
  return compute(name, { features, arrays: [patches], length, execution }, (mapAddress, [at]) => [
    ...[REFERENCE_KINDS[selection.kind], k, at, patches.length],
    ...parameters,
    mapAddress,
  ]);
}

interface Computation {
  features: FeatureMap;
  /** Further arrays to pass. */
  arrays: readonly (Float32Array | Uint32Array)[];
  /** Length of the result. */
  length: number;
  execution: Execution;
}

/**
 * Computes with an exported function, after all earlier computations.
 *
 * @param rest the values after the features, from the address of the result and those of the arrays
 */
function compute(
  name: string,
  computation: Computation,
  rest: (result: number, arrays: number[]) => number[],
): Promise<Float32Array> {
  const result = last.then(() => computeNow(name, computation, rest));
  last = result.catch(() => {});
  return result;
}

async function computeNow(
  name: string,
  { features, arrays, length, execution }: Computation,
  rest: (result: number, arrays: number[]) => number[],
): Promise<Float32Array> {
  const { signal, threads } = execution;
  signal?.throwIfAborted();
  const { values, channels, height, width } = features;
  if (pool && pool.threads < threads) closePool();
  pool ??= new WasmThreadPool(threads);
  const { core } = pool;
  try {
    const inputs = [values, ...arrays].map((array) => core.copyIn(array));
    const output = core.exports.allocate(length * Float32Array.BYTES_PER_ELEMENT);
    const [at, ...others] = inputs;
    await pool.call(name, [at, channels, height, width, ...rest(output, others)], execution);
    const result = core.copyFloats(output, length);
    for (const address of [...inputs, output]) core.exports.release(address);
    if (core.memory.buffer.byteLength > KEPT_BYTES) closePool();
    return result;
  } catch (error) {
    // An error leaves the core in the middle of a computation.
    closePool();
    signal?.throwIfAborted();
    throw error;
  }
}

function closePool(): void {
  pool?.close();
  pool = undefined;
}
