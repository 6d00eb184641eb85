import type { RgbImage } from '../types.ts';
import { labDistance, rgbToLab } from './cielab.ts';

/** Levels of each color channel. */
const LEVELS = 12;
/** Fraction of the pixels that the palette covers before the remaining pixels are assigned to it. */
const COVERAGE = 0.95;

export interface QuantizedColors {
  /** Palette index of each pixel, H x W. */
  index: Uint16Array;
  /** Mean L*, a*, b* of the pixels of each palette color, most frequent first. */
  palette: [l: number, a: number, b: number][];
}

/**
 * Reduces an image to a small palette (Cheng et al., section 3.1): quantizes each channel to 12 levels and keeps the most
 * frequent colors that cover 95 % of the pixels, ties in the order of their levels. Other pixels get the nearest palette color
 * by distance in L*a*b*.
 */
export function quantizeColors({ values, height, width }: RgbImage): QuantizedColors {
  const count = height * width;
  const level = (value: number) => Math.min(LEVELS - 1, Math.floor(value * LEVELS));
  const bins = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    bins[i] = (level(values[i]) * LEVELS + level(values[count + i])) * LEVELS + level(values[2 * count + i]);
  }
  const { sizes, colors } = meanColors(values, bins);
  const present = [...sizes.keys()].filter((bin) => sizes[bin] > 0).sort((a, b) => sizes[b] - sizes[a]);
  const chosen: number[] = [];
  for (let pixels = 0; pixels < COVERAGE * count; pixels += sizes[chosen[chosen.length - 1]]) {
    chosen.push(present[chosen.length]);
  }
  const candidates = chosen.map((bin) => colors[bin]);
  const indexOfBin = new Uint16Array(sizes.length);
  for (const bin of present) indexOfBin[bin] = nearestColor(colors[bin], candidates);
  const index = bins.map((bin) => indexOfBin[bin]);
  return { index, palette: meanColors(values, index).colors.slice(0, chosen.length) };
}

/** The number of pixels in each bin, and the L*a*b* of their mean color. */
function meanColors(values: Float32Array, bins: Uint16Array) {
  const count = LEVELS ** 3;
  const sizes = new Uint32Array(count);
  const sums = new Float64Array(3 * count);
  for (let i = 0; i < bins.length; i++) {
    sizes[bins[i]]++;
    for (let plane = 0; plane < 3; plane++) sums[3 * bins[i] + plane] += values[plane * bins.length + i];
  }
  const colors = Array.from(sizes, (size, bin) => {
    const mean = (plane: number) => (size > 0 ? sums[3 * bin + plane] / size : 0);
    return rgbToLab(mean(0), mean(1), mean(2));
  });
  return { sizes, colors };
}

function nearestColor(color: readonly number[], candidates: readonly (readonly number[])[]): number {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) {
    if (labDistance(color, candidates[i]) < labDistance(color, candidates[best])) best = i;
  }
  return best;
}
