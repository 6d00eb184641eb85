import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateViridis,
  schemeReds,
} from 'd3-scale-chromatic';
import { normalize, type ValueRange } from './value-range.ts';

/** Entries of a lookup table. */
const LUT_SIZE = 256;

/**
 * Colormaps as lookup tables of 256 RGB triples (0..255), from normal to anomalous.
 *  - `reds` (ColorBrewer; used by the paper, B.2): almost white to dark red, linear between the nine colors of the scheme
 *  - `viridis`, `magma`, `inferno`, `cividis`: perceptually uniform, dark to light
 */
export const colormaps = {
  reds: buildLut(schemeReds[9]),
  viridis: buildLut(sampleColors(interpolateViridis)),
  magma: buildLut(sampleColors(interpolateMagma)),
  inferno: buildLut(sampleColors(interpolateInferno)),
  cividis: buildLut(sampleColors(interpolateCividis)),
} as const satisfies Record<string, Uint8Array>;
export type ColormapName = keyof typeof colormaps;
export const colormapNames = Object.keys(colormaps) as ColormapName[];

/** The RGB color (0..255) of a score. Scores outside the range get the color of its nearer end. */
export function colormapColor(
  score: number,
  range: ValueRange,
  name: ColormapName = 'reds',
): [r: number, g: number, b: number] {
  const lut = colormaps[name];
  const entry = 3 * lutIndex(score, range);
  return [lut[entry], lut[entry + 1], lut[entry + 2]];
}

/** Colors scores. @returns opaque RGBA, 4 bytes per score */
export function applyColormap(
  scores: Float32Array,
  range: ValueRange,
  name: ColormapName = 'reds',
): Uint8ClampedArray<ArrayBuffer> {
  const lut = colormaps[name];
  const pixels = new Uint8ClampedArray(scores.length * 4);
  for (let i = 0; i < scores.length; i++) {
    const entry = 3 * lutIndex(scores[i], range);
    pixels[4 * i] = lut[entry];
    pixels[4 * i + 1] = lut[entry + 1];
    pixels[4 * i + 2] = lut[entry + 2];
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

function lutIndex(score: number, range: ValueRange): number {
  return Math.round(normalize(score, range) * (LUT_SIZE - 1));
}

/** Interpolates linearly between evenly spaced colors. */
function buildLut(colors: readonly string[]): Uint8Array {
  const anchors = colors.map(parseColor);
  const triples = new Uint8Array(3 * LUT_SIZE);
  for (let i = 0; i < LUT_SIZE; i++) {
    const position = (i / (LUT_SIZE - 1)) * (anchors.length - 1);
    const low = Math.min(Math.floor(position), anchors.length - 2);
    for (let c = 0; c < 3; c++) {
      const from = anchors[low][c];
      triples[3 * i + c] = Math.round(from + (anchors[low + 1][c] - from) * (position - low));
    }
  }
  return triples;
}

function sampleColors(interpolate: (fraction: number) => string): string[] {
  return Array.from({ length: LUT_SIZE }, (_, entry) => interpolate(entry / (LUT_SIZE - 1)));
}

/** Parses `#rrggbb` or `rgb(r, g, b)`. */
function parseColor(color: string): number[] {
  if (!color.startsWith('#')) return (color.match(/[\d.]+/g) ?? []).map(Number);
  return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
}
