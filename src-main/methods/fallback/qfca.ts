import { gaussianKernel } from '../../common/maps/gaussian-blur.ts';
import { reflectIndex } from '../../common/maps/border.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertFinite } from './assert-finite.ts';

/** Radius of the smoothing (5 x 5; docs/method.md, section 2). */
const SMOOTHING_RADIUS = 2;

interface Parameters {
  patchSize: number;
  /** Standard deviation of the weights in the patch. */
  sigmaP: number;
  /** Standard deviation of the smoothing; 0 for none. */
  sigmaS: number;
  /** Levels per channel. */
  levels: number;
}

/** A channel's levels. */
interface Quantized {
  /** The level of each position, H x W. */
  levels: Uint8Array;
  /** The mean of the values of each level. */
  means: Float64Array;
  /** A quarter of the range of the values of each level. */
  slacks: Float64Array;
}

/**
 * Quantized FCA (docs/method.md, section 2): the error of a sample is that of its level in the patch, the difference between the
 * level's mean value and the reference values at the level's ranks in the patch. Smoothing and weights are those of FCA, but
 * smoothing does not stop at the border of the patch.
 *
 * @param reference C x T*T, ascending per channel
 * @returns H x W
 */
export async function qfca(
  features: FeatureMap,
  reference: Float32Array,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  assertFinite(features);
  const { channels, height, width } = features;
  const size = parameters.patchSize ** 2;
  const map = new Float64Array(height * width);
  for (let c = 0; c < channels; c++) {
    await yieldAndCheck(execution, c / channels);
    addChannel(map, features, c, reference.subarray(c * size, (c + 1) * size), parameters);
  }
  return Float32Array.from(map, (sum) => sum / channels);
}

function addChannel(
  map: Float64Array,
  features: FeatureMap,
  channel: number,
  reference: Float32Array,
  { patchSize, sigmaP, sigmaS, levels: count }: Parameters,
): void {
  const { height, width } = features;
  const half = (patchSize - 1) / 2;
  const { levels, means, slacks } = quantize(features, channel, count);
  const levelAt = (y: number, x: number) => levels[reflectIndex(y, height) * width + reflectIndex(x, width)];
  const weights = gaussianKernel(half, sigmaP);
  const smoothing = tapsOf(gaussianKernel(SMOOTHING_RADIUS, sigmaS));
  /** The levels that the smoothing combines, for each position. */
  const tapped = new Uint8Array(height * width * smoothing.length);
  for (let at = 0; at < height * width; at++) {
    smoothing.forEach(({ dy, dx }, tap) => {
      tapped[at * smoothing.length + tap] = levelAt(Math.floor(at / width) + dy, (at % width) + dx);
    });
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const histogram = new Int32Array(count);
      for (let i = -half; i <= half; i++) {
        for (let j = -half; j <= half; j++) histogram[levelAt(y + i, x + j)]++;
      }
      const errors = levelErrors(histogram, { means, slacks }, reference);
      for (let row = Math.max(0, y - half); row <= Math.min(height - 1, y + half); row++) {
        for (let column = Math.max(0, x - half); column <= Math.min(width - 1, x + half); column++) {
          const at = row * width + column;
          let smooth = 0;
          for (let tap = 0; tap < smoothing.length; tap++) {
            smooth += smoothing[tap].weight * errors[tapped[at * smoothing.length + tap]];
          }
          map[at] += weights[row - y + half] * weights[column - x + half] * smooth;
        }
      }
    }
  }
}

/** The offsets and weights of the smoothing that are not zero. */
function tapsOf(kernel: Float64Array): { dy: number; dx: number; weight: number }[] {
  return Array.from({ length: kernel.length ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / kernel.length), at % kernel.length];
    return { dy: i - SMOOTHING_RADIUS, dx: j - SMOOTHING_RADIUS, weight: kernel[i] * kernel[j] };
  }).filter(({ weight }) => weight > 0);
}

/** Equal intervals from the channel's minimum to its maximum. */
function quantize({ values, height, width }: FeatureMap, channel: number, count: number): Quantized {
  const plane = values.subarray(channel * height * width, (channel + 1) * height * width);
  const lowest = plane.reduce((a, b) => Math.min(a, b));
  const range = plane.reduce((a, b) => Math.max(a, b)) - lowest;
  const scale = range > 0 ? count / range : 0;
  const levels = Uint8Array.from(plane, (value) => Math.min(count - 1, Math.floor((value - lowest) * scale)));
  const samples = Array.from({ length: count }, () => ({
    sum: 0,
    count: 0,
    lowest: Infinity,
    highest: -Infinity,
  }));
  levels.forEach((level, at) => {
    const of = samples[level];
    of.sum += plane[at];
    of.count++;
    of.lowest = Math.min(of.lowest, plane[at]);
    of.highest = Math.max(of.highest, plane[at]);
  });
  return {
    levels,
    means: Float64Array.from(samples, ({ sum, count }) => (count > 0 ? sum / count : 0)),
    slacks: Float64Array.from(samples, ({ count, lowest, highest }) =>
      count > 0 ? (highest - lowest) / 4 : 0,
    ),
  };
}

/**
 * The error of each level in a patch: the difference of the means, or the mean difference less what samples of the level's range
 * account for, whichever is larger. A level without samples is matched with the value at its rank.
 */
function levelErrors(
  histogram: Int32Array,
  { means, slacks }: Pick<Quantized, 'means' | 'slacks'>,
  reference: Float32Array,
): Float64Array {
  let first = 0;
  return means.map((mean, level) => {
    const rank = Math.min(first, reference.length - 1);
    const end = first + histogram[level];
    const matched = reference.subarray(rank, Math.max(end, rank + 1));
    first = end;
    // Sums of differences are exact if all values are equal.
    const above = matched.reduce((sum, value) => sum + (value - matched[0]), 0) / matched.length;
    const spread = matched.reduce((sum, value) => sum + Math.abs(mean - value), 0) / matched.length;
    return Math.max(Math.abs(mean - matched[0] - above), spread - slacks[level]);
  });
}
