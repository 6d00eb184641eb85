import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import type { Baseline } from './baseline.ts';
import { labPlanes } from './cielab.ts';
import { meanOfSmallest } from './mean-of-smallest.ts';
import { shrinkImage } from './shrink-image.ts';

/** Larger images are scaled down to about this size, so that a patch contains some structure of the texture. */
const MAX_PIXELS = 256 * 256;
/** In pixels of the scaled image. */
const PATCH_SIZE = 9;
/** The step between patches is the smallest one, from this up to the patch size, that gives at most `MAX_PATCHES`. */
const MIN_STEP = 2;
/** Bounds time and memory (64 MiB for all distances). Strips a few pixels wide exceed it and have up to 7300 patches. */
const MAX_PATCHES = 4096;
/** The fraction of all patches that counts as a patch's most similar ones. */
const SIMILAR_FRACTION = 0.05;
const SECONDS_PER_PAIR = 1.5e-7;

/**
 * The age map of Bellini, Kleiman and Cohen-Or (Time-varying Weathering in Texture Space, 2016), which the paper uses as an
 * anomaly map (Table 3). Weathered texture is rare, so the age of a patch is its mean dissimilarity to the most similar patches
 * of the image. The age of a pixel is the mean age of the patches that contain it. The score is a root mean square distance in
 * L*a*b*.
 *
 * The publication leaves these choices open; they were made without trials on data: L*a*b* as the color
 * space, images scaled down to 256 x 256 pixels, patches of 9 x 9 pixels, and 5 % of the patches as the
 * similar ones.
 *
 * Cost: at most 4096^2 / 2 comparisons of patches, a few seconds; 100 MiB.
 */
export const bellini: Baseline = {
  name: 'bellini',
  title: 'Bellini et al.: dissimilarity to the most similar patches',
  cost({ height, width }) {
    const patches = Math.min((height * width) / MIN_STEP ** 2, MAX_PATCHES);
    return {
      bytes: patches * (4 * patches + 12 * PATCH_SIZE ** 2),
      seconds: patches ** 2 * SECONDS_PER_PAIR,
    };
  },
  async map(original, execution) {
    const { image, factor } = shrinkImage(original, MAX_PIXELS);
    const { height, width } = image;
    const origins = patchOrigins(height, width);
    const patches = gatherPatches(labPlanes(image), height, width, origins);
    const distances = await allDistances(patches, origins.length, execution);
    const ages = patchAges(distances, origins.length);
    return {
      map: { values: averageOverPixels(ages, origins, height, width), height, width },
      extentHeight: height * factor,
      extentWidth: width * factor,
    };
  },
};

interface Origin {
  top: number;
  left: number;
}

/** Top left corners of the patches, row-major; the last ones are flush with the border. */
function patchOrigins(height: number, width: number): Origin[] {
  for (let step = MIN_STEP; ; step++) {
    const tops = steps(height - PATCH_SIZE, step);
    const lefts = steps(width - PATCH_SIZE, step);
    if (tops.length * lefts.length > MAX_PATCHES && step < PATCH_SIZE) continue;
    return tops.flatMap((top) => lefts.map((left) => ({ top, left })));
  }
}

function steps(last: number, step: number): number[] {
  if (last <= 0) return [0];
  return [...Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step), last];
}

/** The values of each patch as a row, patches x 3 T^2. In images smaller than a patch the border is repeated. */
function gatherPatches(
  planes: Float32Array,
  height: number,
  width: number,
  origins: readonly Origin[],
): Float32Array {
  const patches = new Float32Array(origins.length * 3 * PATCH_SIZE * PATCH_SIZE);
  let next = 0;
  for (const { top, left } of origins) {
    for (let plane = 0; plane < 3; plane++) {
      for (let y = top; y < top + PATCH_SIZE; y++) {
        const row = (plane * height + Math.min(y, height - 1)) * width;
        for (let x = left; x < left + PATCH_SIZE; x++) patches[next++] = planes[row + Math.min(x, width - 1)];
      }
    }
  }
  return patches;
}

/** Root mean square distances of all pairs of patches, patches x patches. */
async function allDistances(
  patches: Float32Array,
  count: number,
  execution: Execution,
): Promise<Float32Array> {
  const distances = new Float32Array(count * count);
  const length = patches.length / count;
  for (let a = 0; a < count; a++) {
    // Row a contains the pairs of patch a with later patches, so rows get shorter.
    if (a % 32 === 0) await yieldAndCheck(execution, 1 - (1 - a / count) ** 2);
    const row = distances.subarray(a * count, (a + 1) * count);
    squaredDistances(patches, length, a, row);
    for (let b = a + 1; b < count; b++) {
      // The three color planes of a pixel together are one distance.
      row[b] = Math.sqrt((3 * row[b]) / length);
      distances[b * count + a] = row[b];
    }
  }
  return distances;
}

/** Squared distances of patch `a` to later patches; four at a time is three times as fast as one by one. */
function squaredDistances(patches: Float32Array, length: number, a: number, row: Float32Array): void {
  const start = a * length;
  for (let b = a + 1; b < row.length; b += 4) {
    // At the end of the row, the last patch replaces missing ones.
    const last = (row.length - 1) * length;
    const first = b * length;
    const second = Math.min(first + length, last);
    const third = Math.min(second + length, last);
    const fourth = Math.min(third + length, last);
    let [sum1, sum2, sum3, sum4] = [0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const value = patches[start + i];
      const toFirst = value - patches[first + i];
      const toSecond = value - patches[second + i];
      const toThird = value - patches[third + i];
      const toFourth = value - patches[fourth + i];
      sum1 += toFirst * toFirst;
      sum2 += toSecond * toSecond;
      sum3 += toThird * toThird;
      sum4 += toFourth * toFourth;
    }
    row[b] = sum1;
    // Assignments beyond the end of a typed array have no effect.
    row[b + 1] = sum2;
    row[b + 2] = sum3;
    row[b + 3] = sum4;
  }
}

function patchAges(distances: Float32Array, count: number): Float64Array {
  const similar = Math.max(1, Math.round(SIMILAR_FRACTION * (count - 1)));
  return Float64Array.from({ length: count }, (_, a) => {
    const others = new Float32Array(count - 1);
    others.set(distances.subarray(a * count, a * count + a));
    others.set(distances.subarray(a * count + a + 1, (a + 1) * count), a);
    return others.length === 0 ? 0 : meanOfSmallest(others, similar);
  });
}

/** The mean age of the patches over each pixel. */
function averageOverPixels(
  ages: Float64Array,
  origins: readonly Origin[],
  height: number,
  width: number,
): Float32Array {
  const sums = new Float64Array(height * width);
  const counts = new Uint16Array(height * width);
  origins.forEach(({ top, left }, patch) => {
    for (let y = top; y < Math.min(top + PATCH_SIZE, height); y++) {
      for (let x = left; x < Math.min(left + PATCH_SIZE, width); x++) {
        sums[y * width + x] += ages[patch];
        counts[y * width + x]++;
      }
    }
  });
  return Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]);
}
