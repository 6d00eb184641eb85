import type { RgbImage } from '../types.ts';
import { labOf } from './cielab.ts';

/** Levels of each colour channel. */
const LEVELS = 12;
/** The most frequent colours are kept until they cover this part of the pixels. */
const COVERED = 0.95;

export interface QuantisedColours {
  /** The colour of each pixel, H x W. */
  index: Uint16Array;
  /** Mean L*, a*, b* of the pixels of each colour, most frequent first. */
  colours: [l: number, a: number, b: number][];
}

/**
 * The few colours that an image consists of (Cheng et al., 3.1): 12 levels a channel, of which the most frequent that cover
 * 95 % of the pixels are kept; pixels of the others take the nearest one kept, by distance in L*a*b*. Equally frequent ones
 * are kept in the order of their levels.
 */
export function quantise({ values, height, width }: RgbImage): QuantisedColours {
  const count = height * width;
  const level = (value: number) => Math.min(LEVELS - 1, Math.floor(value * LEVELS));
  const bins = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    bins[i] = (level(values[i]) * LEVELS + level(values[count + i])) * LEVELS + level(values[2 * count + i]);
  }
  const { sizes, colours } = meanColours(values, bins);
  const present = [...sizes.keys()].filter((bin) => sizes[bin] > 0).sort((a, b) => sizes[b] - sizes[a]);
  const kept: number[] = [];
  for (let pixels = 0; pixels < COVERED * count; pixels += sizes[kept[kept.length - 1]]) {
    kept.push(present[kept.length]);
  }
  const indexOfBin = new Uint16Array(sizes.length);
  for (const bin of present)
    indexOfBin[bin] = nearest(
      colours[bin],
      kept.map((other) => colours[other]),
    );
  const index = bins.map((bin) => indexOfBin[bin]);
  const final = meanColours(values, index);
  return { index, colours: final.colours.slice(0, kept.length) };
}

/** How many pixels each bin has, and the L*a*b* of their mean colour. */
function meanColours(values: Float32Array, bins: Uint16Array) {
  const number = LEVELS ** 3;
  const sizes = new Uint32Array(number);
  const sums = new Float64Array(3 * number);
  for (let i = 0; i < bins.length; i++) {
    sizes[bins[i]]++;
    for (let plane = 0; plane < 3; plane++) sums[3 * bins[i] + plane] += values[plane * bins.length + i];
  }
  const colours = Array.from(sizes, (size, bin) => {
    const mean = (plane: number) => (size > 0 ? sums[3 * bin + plane] / size : 0);
    return labOf(mean(0), mean(1), mean(2));
  });
  return { sizes, colours };
}

function nearest(colour: readonly number[], among: readonly (readonly number[])[]): number {
  let best = 0;
  for (let i = 1; i < among.length; i++) {
    if (colourDistance(colour, among[i]) < colourDistance(colour, among[best])) best = i;
  }
  return best;
}

/** Euclidean distance of two colours in L*a*b*. */
export function colourDistance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
