import type { DescriptorSelection } from '../../references/selection.ts';
import type { Execution, FeatureMap } from '../../types.ts';
import type { ComputeBackend } from '../compute-backend.ts';
import {
  assertFeatures,
  assertInteger,
  assertNotEmpty,
  assertParameters,
  assertPatchSize,
} from './check-arguments.ts';
import { mutualDistances, nearestDistances, residualEnergy } from './comparison-calls.ts';
import { callCore } from './core-calls.ts';
import { imageScore, measureRegions } from './region-calls.ts';
import { WasmThresholdSweep } from './wasm-threshold-sweep.ts';

/** The values of `ReferenceKind` in `native/wasm/exports.cpp`. */
const REFERENCE_KINDS = { global: 0, indices: 1, all: 2, nearest: 3 } as const;

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
  return onFeatures(name, features, tiles, length, execution, (tilesAt, listsAt) => [
    patchSize,
    tilesAt,
    count,
    listsAt,
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
  return onFeatures(name, features, lists, length, execution, (listsAt, mapAt) => [
    listsAt,
    lists.length,
    ...numbers,
    mapAt,
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
  return onFeatures(name, features, patches, length, execution, (patchesAt, mapAt) => [
    ...reference,
    patchesAt,
    patches?.length ?? 0,
    ...numbers,
    mapAt,
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

/**
 * Calls a function on features and an array.
 *
 * @param length number of floats that it writes
 * @param rest the values after the features, from the addresses of the array and of the result
 */
function onFeatures(
  name: string,
  features: FeatureMap,
  array: Float32Array | Uint32Array = new Uint32Array(),
  length: number,
  execution: Execution,
  rest: (arrayAt: number, resultAt: number) => number[],
): Promise<Float32Array> {
  const { values, channels, height, width } = features;
  assertFeatures(features);
  return callCore({ name, arrays: [values, array], length, execution }, ([valuesAt, arrayAt], resultAt) => [
    valuesAt,
    channels,
    height,
    width,
    ...rest(arrayAt, resultAt),
  ]);
}
