import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap } from '../types.ts';
import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertComparable } from './feature-limit.ts';

/** Distances between two images in both directions. S scales: for each layer, each side of the neighborhoods. */
export interface MutualDistances {
  /** S x H W of the image: the distance of each patch to its nearest patch of the other image. */
  toOther: Float32Array;
  /** S x H W of the other image: the distance of each of its patches to its nearest patch of the image. */
  fromOther: Float32Array;
}

/** The scales at which images are compared with each other. */
export interface MutualScales {
  /** Sides of the neighborhoods whose features are averaged: odd, ascending. */
  sides: readonly number[];
  /** Number of layers: groups of equally many channels, which are compared separately. */
  layers: number;
}

/** The largest side of a neighborhood. */
export const MAX_NEIGHBORHOOD = 9;

/**
 * Mutual scoring (MuSc, Li et al., ICLR 2024), the comparison of pairs: the Euclidean distance of each patch to the nearest patch of
 * another image, on the means of its neighborhoods. Cost O(C H W) per patch of the other images.
 */
export async function mutualDistances(
  image: FeatureMap,
  others: readonly FeatureMap[],
  scales: MutualScales,
  execution: Execution,
): Promise<MutualDistances[]> {
  assertScales(image, others, scales);
  const distances: MutualDistances[] = [];
  for (const [at, other] of others.entries()) {
    const result = {
      toOther: new Float32Array(scaleCount(scales) * image.height * image.width),
      fromOther: new Float32Array(scaleCount(scales) * other.height * other.width),
    };
    let scale = 0;
    for (let layer = 0; layer < scales.layers; layer++) {
      for (const side of scales.sides) {
        const [a, b] = [image, other].map((map) =>
          neighborhoodRows(layerOf(map, layer, scales.layers), side),
        );
        const report = (fraction: number) =>
          yieldAndCheck(execution, (at + (scale + fraction) / scaleCount(scales)) / others.length);
        const nearest = await nearestOfPair(a, b, report);
        result.toOther.set(nearest.a, scale * a.count);
        result.fromOther.set(nearest.b, scale * b.count);
        scale++;
      }
    }
    distances.push(result);
  }
  return distances;
}

/** Number of scales. */
export const scaleCount = ({ sides, layers }: MutualScales) => sides.length * layers;

function assertScales(
  image: FeatureMap,
  others: readonly FeatureMap[],
  { sides, layers }: MutualScales,
): void {
  const fail = (message: string) => {
    throw new PerchError('INVALID_ARGUMENT', message);
  };
  const valid = sides.every(
    (side, at) => side >= 1 && side <= MAX_NEIGHBORHOOD && side % 2 === 1 && !(side <= sides[at - 1]),
  );
  if (sides.length === 0 || !valid) fail(`The sides must be odd, ascending, 1 to ${MAX_NEIGHBORHOOD}.`);
  if (!Number.isInteger(layers) || layers < 1 || image.channels % layers !== 0) {
    fail(`${image.channels} channels cannot be divided into ${layers} layers.`);
  }
  for (const map of [image, ...others]) {
    if (map.channels !== image.channels) {
      fail(`The images have different numbers of channels: ${image.channels} and ${map.channels}.`);
    }
    assertComparable(map.values);
  }
}

/** The channels of one layer. */
function layerOf({ values, channels, height, width }: FeatureMap, layer: number, layers: number): FeatureMap {
  const size = (channels / layers) * height * width;
  return {
    values: values.subarray(layer * size, (layer + 1) * size),
    channels: channels / layers,
    height,
    width,
  };
}

interface Rows {
  values: Float64Array;
  count: number;
  length: number;
}

/** For each position, the mean over the part of the side x side neighborhood that is inside the map. */
function neighborhoodRows({ values, channels, height, width }: FeatureMap, side: number): Rows {
  const radius = (side - 1) / 2;
  const rows = new Float64Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [top, bottom] = [Math.max(0, y - radius), Math.min(height - 1, y + radius)];
      const [left, right] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)];
      const size = (bottom - top + 1) * (right - left + 1);
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let v = top; v <= bottom; v++) {
          for (let u = left; u <= right; u++) sum += values[(c * height + v) * width + u];
        }
        rows[(y * width + x) * channels + c] = sum / size;
      }
    }
  }
  return { values: rows, count: height * width, length: channels };
}

async function nearestOfPair(a: Rows, b: Rows, report: (fraction: number) => Promise<void>) {
  const nearest = {
    a: new Float64Array(a.count).fill(Infinity),
    b: new Float64Array(b.count).fill(Infinity),
  };
  for (let i = 0; i < a.count; i++) {
    await report(i / a.count);
    for (let j = 0; j < b.count; j++) {
      let sum = 0;
      for (let k = 0; k < a.length; k++) {
        const difference = a.values[i * a.length + k] - b.values[j * b.length + k];
        sum += difference * difference;
      }
      nearest.a[i] = Math.min(nearest.a[i], sum);
      nearest.b[j] = Math.min(nearest.b[j], sum);
    }
  }
  return { a: nearest.a.map(Math.sqrt), b: nearest.b.map(Math.sqrt) };
}
