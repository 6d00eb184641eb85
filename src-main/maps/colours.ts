import { schemeReds } from 'd3-scale-chromatic';

/** Scores from `low` to `high` run linearly over the colour map; what lies outside is clipped. */
export interface Scale {
  low: number;
  high: number;
}

const STEPS = 256;

/**
 * The colour map "Reds" (ColorBrewer; the paper's, B.2): 256 RGB triples, 0..255, from almost white (normal) to dark red,
 * linear between the nine colours of the scheme.
 */
export const reds: Uint8Array = table(schemeReds[9]);

/** The RGB triple (0..255) of one score. */
export function colourOf(score: number, scale: Scale): [r: number, g: number, b: number] {
  const entry = 3 * step(score, scale);
  return [reds[entry], reds[entry + 1], reds[entry + 2]];
}

/** Colours scores. @returns RGBA, 4 bytes a score, opaque */
export function colourise(scores: Float32Array, scale: Scale): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(scores.length * 4);
  for (let i = 0; i < scores.length; i++) {
    const entry = 3 * step(scores[i], scale);
    pixels[4 * i] = reds[entry];
    pixels[4 * i + 1] = reds[entry + 1];
    pixels[4 * i + 2] = reds[entry + 2];
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
  const anchors = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
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
