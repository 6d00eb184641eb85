import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateViridis,
  schemeReds,
} from 'd3-scale-chromatic';

/** Scores from `low` to `high` run linearly over the colour map; what lies outside is clipped. */
export interface Scale {
  low: number;
  high: number;
}

const STEPS = 256;

/**
 * Colour maps: 256 RGB triples each, 0..255, from normal to anomalous.
 *  - `reds` (ColorBrewer; the paper's, B.2): from almost white to dark red, linear between the nine colours of the scheme
 *  - `viridis`, `magma`, `inferno`, `cividis`: perceptually uniform, from dark to light
 */
export const colourMaps = {
  reds: table(schemeReds[9]),
  viridis: table(sampled(interpolateViridis)),
  magma: table(sampled(interpolateMagma)),
  inferno: table(sampled(interpolateInferno)),
  cividis: table(sampled(interpolateCividis)),
} as const satisfies Record<string, Uint8Array>;
export type ColourMapName = keyof typeof colourMaps;
export const colourMapNames = Object.keys(colourMaps) as ColourMapName[];

/** The RGB triple (0..255) of one score. */
export function colourOf(
  score: number,
  scale: Scale,
  name: ColourMapName = 'reds',
): [r: number, g: number, b: number] {
  const colours = colourMaps[name];
  const entry = 3 * step(score, scale);
  return [colours[entry], colours[entry + 1], colours[entry + 2]];
}

/** Colours scores. @returns RGBA, 4 bytes a score, opaque */
export function colourise(
  scores: Float32Array,
  scale: Scale,
  name: ColourMapName = 'reds',
): Uint8ClampedArray<ArrayBuffer> {
  const colours = colourMaps[name];
  const pixels = new Uint8ClampedArray(scores.length * 4);
  for (let i = 0; i < scores.length; i++) {
    const entry = 3 * step(scores[i], scale);
    pixels[4 * i] = colours[entry];
    pixels[4 * i + 1] = colours[entry + 1];
    pixels[4 * i + 2] = colours[entry + 2];
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

function step(score: number, { low, high }: Scale): number {
  if (!(high > low)) return 0;
  const fraction = (score - low) / (high - low);
  return Math.round(Math.min(Math.max(fraction, 0), 1) * (STEPS - 1));
}

function table(colours: readonly string[]): Uint8Array {
  const anchors = colours.map(channels);
  const triples = new Uint8Array(3 * STEPS);
  for (let i = 0; i < STEPS; i++) {
    const position = (i / (STEPS - 1)) * (anchors.length - 1);
    const low = Math.min(Math.floor(position), anchors.length - 2);
    for (let c = 0; c < 3; c++) {
      const from = anchors[low][c];
      triples[3 * i + c] = Math.round(from + (anchors[low + 1][c] - from) * (position - low));
    }
  }
  return triples;
}

function sampled(interpolate: (fraction: number) => string): string[] {
  return Array.from({ length: STEPS }, (_, entry) => interpolate(entry / (STEPS - 1)));
}

/** Of `#rrggbb` or `rgb(r, g, b)`. */
function channels(colour: string): number[] {
  if (!colour.startsWith('#')) return (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
