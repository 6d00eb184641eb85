import { pause } from '../yield-and-check.ts';
import type { Execution } from '../types.ts';
import type { Baseline } from './baseline.ts';
import { labPlanes } from './cielab.ts';
import { meanOfSmallest } from './mean-of-smallest.ts';
import { workingImage } from './shrink-image.ts';

/** Larger images are shrunk to at most about this, so that a patch sees some structure of the texture. */
const MAX_PIXELS = 256 * 256;
/** Patch side in pixels of the shrunk image. */
const PATCH = 9;
/** Patches are taken at the smallest step, from this one up to their side, that gives no more than `MAX_PATCHES`. */
const MIN_STEP = 2;
/** Bounds time (their pairs) and memory (64 MiB for the distances; strips of a few pixels have up to 7300). */
const MAX_PATCHES = 4096;
/** The similar patches of a patch are this part of all. */
const SIMILAR = 0.05;

/**
 * The age map of Bellini, Kleiman and Cohen-Or (Time-varying Weathering in Texture Space, 2016), which the paper takes as
 * an anomaly map (Table 3): what is weathered is rare, so the age of a patch is the mean dissimilarity to its most similar
 * patches of the same image, and the age of a pixel the mean age of the patches that it lies in. The score is a
 * root mean square distance in L*a*b*.
 *
 * Left open, and chosen here without trial on any data: L*a*b* as the colour space, images shrunk to 256 x 256 pixels, patches
 * of 9 x 9, and 5 % of the patches as the similar ones.
 *
 * Cost: at most 4096^2 / 2 comparisons of patches, some seconds; 100 MiB.
 */
export const bellini: Baseline = {
  name: 'bellini',
  title: 'Bellini et al.: dissimilarity to the most similar patches',
  estimate({ height, width }) {
    const patches = Math.min((height * width) / MIN_STEP ** 2, MAX_PATCHES);
    return { bytes: patches * (4 * patches + 12 * PATCH ** 2), seconds: patches ** 2 * 1.5e-7 };
  },
  async map(given, execution) {
    const { image, factor } = workingImage(given, MAX_PIXELS);
    const { height, width } = image;
    const corners = patchCorners(height, width);
    const patches = gather(labPlanes(image), height, width, corners);
    const distances = await allDistances(patches, corners.length, execution);
    const ages = agesOf(distances, corners.length);
    return {
      map: { values: spread(ages, corners, height, width), height, width },
      extentHeight: height * factor,
      extentWidth: width * factor,
    };
  },
};

interface Corner {
  top: number;
  left: number;
}

/** Top left corners of the patches, row by row, the last ones flush with the border. */
function patchCorners(height: number, width: number): Corner[] {
  for (let step = MIN_STEP; ; step++) {
    const tops = steps(height - PATCH, step);
    const lefts = steps(width - PATCH, step);
    if (tops.length * lefts.length > MAX_PATCHES && step < PATCH) continue;
    return tops.flatMap((top) => lefts.map((left) => ({ top, left })));
  }
}

function steps(last: number, step: number): number[] {
  if (last <= 0) return [0];
  return [...Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step), last];
}

/** The values of each patch in a row, patches x 3 T^2; where the image is smaller than a patch, its border is repeated. */
function gather(
  planes: Float32Array,
  height: number,
  width: number,
  corners: readonly Corner[],
): Float32Array {
  const patches = new Float32Array(corners.length * 3 * PATCH * PATCH);
  let at = 0;
  for (const { top, left } of corners) {
    for (let plane = 0; plane < 3; plane++) {
      for (let y = top; y < top + PATCH; y++) {
        const row = (plane * height + Math.min(y, height - 1)) * width;
        for (let x = left; x < left + PATCH; x++) patches[at++] = planes[row + Math.min(x, width - 1)];
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
    // Of the pairs, row a holds those with the patches after it.
    if (a % 32 === 0) await pause(execution, 1 - (1 - a / count) ** 2);
    const row = distances.subarray(a * count, (a + 1) * count);
    squaredDistances(patches, length, a, row);
    for (let b = a + 1; b < count; b++) {
      // Per pixel: its three planes together are one distance.
      row[b] = Math.sqrt((3 * row[b]) / length);
      distances[b * count + a] = row[b];
    }
  }
  return distances;
}

/** Squared distances of patch a to those after it; four at a time, which is three times as fast as one by one. */
function squaredDistances(patches: Float32Array, length: number, a: number, row: Float32Array): void {
  const start = a * length;
  for (let b = a + 1; b < row.length; b += 4) {
    // At the end the last patch stands in for those that are missing.
    const last = (row.length - 1) * length;
    const first = b * length;
    const second = Math.min(first + length, last);
    const third = Math.min(second + length, last);
    const fourth = Math.min(third + length, last);
    let [one, two, three, four] = [0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const value = patches[start + i];
      const toFirst = value - patches[first + i];
      const toSecond = value - patches[second + i];
      const toThird = value - patches[third + i];
      const toFourth = value - patches[fourth + i];
      one += toFirst * toFirst;
      two += toSecond * toSecond;
      three += toThird * toThird;
      four += toFourth * toFourth;
    }
    row[b] = one;
    // Beyond the end of the row, assignments to a typed array do nothing.
    row[b + 1] = two;
    row[b + 2] = three;
    row[b + 3] = four;
  }
}

function agesOf(distances: Float32Array, count: number): Float64Array {
  const similar = Math.max(1, Math.round(SIMILAR * (count - 1)));
  return Float64Array.from({ length: count }, (_, a) => {
    const others = new Float32Array(count - 1);
    others.set(distances.subarray(a * count, a * count + a));
    others.set(distances.subarray(a * count + a + 1, (a + 1) * count), a);
    return others.length === 0 ? 0 : meanOfSmallest(others, similar);
  });
}

/** Per pixel the mean age of the patches over it. */
function spread(ages: Float64Array, corners: readonly Corner[], height: number, width: number): Float32Array {
  const sums = new Float64Array(height * width);
  const counts = new Uint16Array(height * width);
  corners.forEach(({ top, left }, at) => {
    for (let y = top; y < Math.min(top + PATCH, height); y++) {
      for (let x = left; x < Math.min(left + PATCH, width); x++) {
        sums[y * width + x] += ages[at];
        counts[y * width + x]++;
      }
    }
  });
  return Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]);
}
