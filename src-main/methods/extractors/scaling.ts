import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap } from '../types.ts';

/** The scale of each channel: `clip((f - center) * slope + base, 0, top)`. */
export interface ChannelScale {
  center: number;
  slope: number;
  base: number;
  top: number;
}

/** Collects what the scaling of a set of images needs, image by image. */
export interface ScaleCollector {
  /** @param features unscaled features of an image */
  add(features: FeatureMap): void;
  finish(): ChannelScale[];
}

/** How an extractor scales its channels (docs/method.md, section 1), over one image or over several (section 6). */
export interface ScalingRule {
  /** @param images number of images that will be added */
  collect(channels: number, images: number): ScaleCollector;
}

/** Maps the smallest value of all images to 0 and the largest to 1. */
export const rangeScaling: ScalingRule = {
  collect(channels) {
    const low = new Float32Array(channels).fill(Infinity);
    const high = new Float32Array(channels).fill(-Infinity);
    return {
      add: (features) => addRanges(features, low, high),
      finish: () => rangeScale(low, high),
    };
  },
};

/** The scale that maps the lowest value of each channel to 0 and the highest to 1. */
export function rangeScale(low: Float32Array, high: Float32Array): ChannelScale[] {
  return Array.from(low, (center, c) => ({ center, slope: 1 / (high[c] - center + 1e-8), base: 0, top: 1 }));
}

/** The lowest and the highest value of each channel. */
export function rangesOf(features: FeatureMap): { low: Float32Array; high: Float32Array } {
  const low = new Float32Array(features.channels).fill(Infinity);
  const high = new Float32Array(features.channels).fill(-Infinity);
  addRanges(features, low, high);
  return { low, high };
}

function addRanges(features: FeatureMap, low: Float32Array, high: Float32Array): void {
  for (let c = 0; c < features.channels; c++) {
    for (const value of planeOf(features, c)) {
      if (value < low[c]) low[c] = value;
      if (value > high[c]) high[c] = value;
    }
  }
}

/** Standard deviation of a normal distribution with a mean absolute deviation of 1. */
export const SIGMA_PER_DEVIATION = 1.2533;
/** Number of standard deviations at which a channel is clipped. */
export const DEVIATION_LIMIT = 5;
/** Largest number of positions per channel that the robust mean is computed from. */
const MAX_POSITIONS = 2 ** 18;

/** Constants of robust scaling, one per channel. */
export interface RobustConstants {
  /** Added to the standard deviation, so that the noise of a flat image is not amplified. */
  floors: readonly number[];
  /** Correlated channels share a weight, so that together they do not outweigh a single channel. */
  weights: readonly number[];
}

/**
 * The scaling of `gabor` (docs/method.md, section 1b): by the robust mean and standard deviation over the positions of all images. If
 * there are more than 262,144 positions, the same number of evenly spread ones counts from each image.
 */
export function robustScaling({ floors, weights }: RobustConstants): ScalingRule {
  return {
    collect(channels, images) {
      const quota = Math.max(1, Math.floor(MAX_POSITIONS / images));
      const samples: Float32Array[][] = Array.from({ length: channels }, () => []);
      return {
        add(features) {
          samples.forEach((parts, c) => parts.push(evenlySpread(planeOf(features, c), quota)));
        },
        finish: () =>
          samples.map((parts, c) => {
            const { center, spread } = robustMean(parts);
            const slope = weights[c] / (2 * DEVIATION_LIMIT * (spread + floors[c]));
            return { center, slope, base: weights[c] / 2, top: weights[c] };
          }),
      };
    },
  };
}

/** Scales features. @returns new features */
export function applyScale(features: FeatureMap, scale: readonly ChannelScale[]): FeatureMap {
  const { values, channels, height, width } = features;
  if (scale.length !== channels) {
    throw new PerchError(
      'INVALID_FEATURES',
      `The features have ${channels} channels, but those of the normal images have ${scale.length}.`,
    );
  }
  const plane = height * width;
  const scaled = new Float32Array(values.length);
  for (const [c, { center, slope, base, top }] of scale.entries()) {
    for (let at = c * plane; at < (c + 1) * plane; at++)
      scaled[at] = Math.min(top, Math.max(0, (values[at] - center) * slope + base));
  }
  return { values: scaled, channels, height, width };
}

/** At most `count` values at equal steps. */
function evenlySpread(values: Float32Array, count: number): Float32Array {
  if (values.length <= count) return values.slice();
  return Float32Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]);
}

function robustMean(parts: readonly Float32Array[]): { center: number; spread: number } {
  const mean = (term: (value: number) => number) => {
    let [sum, count] = [0, 0];
    for (const part of parts) {
      for (const value of part) sum += term(value);
      count += part.length;
    }
    return sum / count;
  };
  let center = mean((value) => value);
  let spread = 0;
  for (let pass = 0; pass < 2; pass++) {
    const middle = center;
    spread = SIGMA_PER_DEVIATION * mean((value) => Math.abs(value - middle));
    const [low, high] = [middle - 2 * spread, middle + 2 * spread];
    center = mean((value) => Math.min(high, Math.max(low, value)));
  }
  return { center, spread };
}

function planeOf({ values, height, width }: FeatureMap, channel: number): Float32Array {
  return values.subarray(channel * height * width, (channel + 1) * height * width);
}
