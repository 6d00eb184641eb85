import { type MutualDistances, type MutualScales, scaleCount } from '../../fallback/mutual-distances.ts';
import type { Patches } from '../../patchcore/patches.ts';
import type { Execution, FeatureMap } from '../../types.ts';
import { splitDistances } from '../split-distances.ts';
import { assertFeatures, assertInteger, assertRows } from './check-arguments.ts';
import { callCore } from './core-calls.ts';

/** The distance of each row to the nearest row of a memory (`native/include/perch/nearest.hpp`). */
export async function nearestDistances(
  rows: Patches,
  memory: Patches,
  execution: Execution,
): Promise<Float32Array> {
  assertRows('rows', rows);
  assertRows('memory', memory);
  const arrays = [rows.values, memory.values];
  return callCore(
    { name: 'nearest_distances', arrays, length: rows.count, execution },
    ([rowsAt, memoryAt], resultAt) => [
      rowsAt,
      rows.count,
      rows.length,
      memoryAt,
      memory.count,
      memory.length,
      resultAt,
    ],
  );
}

/** The distances of an image's patches to other images, and back (`native/include/perch/mutual.hpp`). */
export async function mutualDistances(
  image: FeatureMap,
  others: readonly FeatureMap[],
  scales: MutualScales,
  execution: Execution,
): Promise<MutualDistances[]> {
  for (const features of [image, ...others]) assertFeatures(features);
  assertInteger('scales.layers', scales.layers, 1);
  const positions = ({ height, width }: FeatureMap) => height * width;
  const total = others.reduce((sum, other) => sum + positions(image) + positions(other), 0);
  const sides = Uint32Array.from(scales.sides);
  const shapes = Uint32Array.from(others.flatMap(({ channels, height, width }) => [channels, height, width]));
  const arrays = [image.values, joined(others.map(({ values }) => values)), shapes, sides];
  const values = await callCore(
    { name: 'mutual_distances', arrays, length: scaleCount(scales) * total, execution },
    ([imageAt, othersAt, shapesAt, sidesAt], resultAt) => [
      imageAt,
      image.channels,
      image.height,
      image.width,
      othersAt,
      shapesAt,
      others.length,
      sidesAt,
      sides.length,
      scales.layers,
      resultAt,
    ],
  );
  return splitDistances(values, image, others, scaleCount(scales));
}

/** The squared length of features along directions (`native/include/perch/subspace.hpp`). */
export async function residualEnergy(
  features: FeatureMap,
  mean: Float64Array,
  directions: Patches,
  execution: Execution,
): Promise<Float32Array> {
  assertFeatures(features);
  assertRows('directions', directions);
  const { channels, height, width } = features;
  const arrays = [features.values, mean, directions.values];
  return callCore(
    { name: 'residual_energy', arrays, length: height * width, execution },
    ([valuesAt, meanAt, directionsAt], mapAt) => [
      valuesAt,
      channels,
      height,
      width,
      meanAt,
      mean.length,
      directionsAt,
      directions.count,
      directions.length,
      mapAt,
    ],
  );
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    all.set(array, end);
    end += array.length;
  }
  return all;
}
