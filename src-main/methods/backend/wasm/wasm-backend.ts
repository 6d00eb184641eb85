import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { wasmFolder } from '../../../files/native-module.ts';
import { mutualDistances } from '../../fallback/mutual-distances.ts';
import { nearestDistances } from '../../fallback/nearest-distances.ts';
import { residualEnergy } from '../../fallback/residual-energy.ts';
import type { DescriptorSelection } from '../../references/selection.ts';
import type { Execution, FeatureMap } from '../../types.ts';
import type { ComputeBackend } from '../compute-backend.ts';
import {
  assertComputable,
  assertInteger,
  assertNotEmpty,
  assertParameters,
  assertPatchSize,
} from './check-arguments.ts';
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
  medianReference: (...call) => reference('median_reference', ...call),
  meanReference: (...call) => reference('mean_reference', ...call),
  fca: (...call) => sortedStatistic('fca', ['patchSize', 'sigmaP', 'sigmaS'], ...call),
  qfca: (...call) => sortedStatistic('qfca', ['patchSize', 'sigmaP', 'sigmaS', 'levels'], ...call),
  sww: (...call) => sortedStatistic('sww', ['patchSize', 'sigma'], ...call),
  fcaWithReferences: (...call) =>
    statistic('fca_with_references', ['patchSize', 'sigmaP', 'sigmaS'], ...call),
  swwWithReferences: (...call) => statistic('sww_with_references', ['patchSize', 'sigma'], ...call),
  moments: (...call) => statistic('moments', ['patchSize', 'sigma'], ...call),
  histogram: (...call) => statistic('histogram', ['patchSize', 'sigma', 'bins'], ...call),
  knnMeanDistances: (...call) => statistic('knn_mean_distances', ['patchSize', 'sigma'], ...call),
  nearestDistances,
  mutualDistances,
  residualEnergy,
  imageScore,
  measureRegions,
  createThresholdSweep: () => new WasmThresholdSweep(),
};

async function reference(
  name: string,
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
  tiles?: Uint32Array,
): Promise<Float32Array> {
  assertPatchSize('patchSize', patchSize);
  assertNotEmpty('tiles', tiles);
  const length = features.channels * patchSize ** 2;
  const count = tiles?.length ?? 0;
  return compute(name, { features, array: tiles, length, execution }, (tilesAt, listsAt) => [
    ...[patchSize, tilesAt, count, listsAt],
  ]);
}

async function sortedStatistic<Parameters extends { patchSize: number }>(
  name: string,
  order: readonly (string & keyof Parameters)[],
  features: FeatureMap,
  lists: Float32Array,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  const numbers = numbersOf(parameters, order);
  const length = features.height * features.width;
  return compute(name, { features, array: lists, length, execution }, (listsAt, mapAt) => [
    ...[listsAt, lists.length, ...numbers, mapAt],
  ]);
}

async function statistic<Parameters extends { patchSize: number }>(
  name: string,
  order: readonly (string & keyof Parameters)[],
  features: FeatureMap,
  selection: DescriptorSelection,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  const numbers = numbersOf(parameters, order);
  const length = features.height * features.width;
  const patches = 'indices' in selection ? selection.indices : selection.among;
  assertNotEmpty('indices' in selection ? 'reference.indices' : 'reference.among', patches);
  const k = 'k' in selection ? selection.k : 1;
  assertInteger('reference.k', k, 1);
  const reference = [REFERENCE_KINDS[selection.kind], k];
  return compute(name, { features, array: patches, length, execution }, (patchesAt, mapAt) => [
    ...[...reference, patchesAt, patches?.length ?? 0, ...numbers, mapAt],
  ]);
}

/** The parameters in the order of the export. */
function numbersOf<Parameters>(
  parameters: Parameters,
  order: readonly (string & keyof Parameters)[],
): number[] {
  const named = order.map((name) => [name, Number(parameters[name])] as const);
  assertParameters(Object.fromEntries(named));
  return named.map(([, value]) => value);
}

interface Computation {
  features: FeatureMap;
  /** A further array to pass. */
  array: Float32Array | Uint32Array | undefined;
  /** Length of the result. */
  length: number;
  execution: Execution;
}

/** The values of a call after the features. */
type RestOfCall = (arrayAt: number, resultAt: number) => number[];

/** Computes with an exported function, after all earlier computations. */
function compute(name: string, computation: Computation, rest: RestOfCall): Promise<Float32Array> {
  const result = last.then(() => computeNow(name, computation, rest));
  last = result.catch(() => {});
  return result;
}

async function computeNow(
  name: string,
  { features, array = new Uint32Array(), length, execution }: Computation,
  rest: RestOfCall,
): Promise<Float32Array> {
  const { signal, threads } = execution;
  signal?.throwIfAborted();
  assertComputable(features, execution);
  const { values, channels, height, width } = features;
  if (pool && pool.threads < threads) closePool();
  try {
    pool ??= new WasmThreadPool(threads);
    const { core } = pool;
    const [valuesAt, arrayAt] = [core.copyIn(values), core.copyIn(array)];
    const resultAt = core.allocate(length * Float32Array.BYTES_PER_ELEMENT);
    await pool.call(name, [valuesAt, channels, height, width, ...rest(arrayAt, resultAt)], execution);
    const result = core.copyFloats(resultAt, length);
    for (const address of [valuesAt, arrayAt, resultAt]) core.exports.release(address);
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
