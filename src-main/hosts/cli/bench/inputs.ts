import sharp from 'sharp';
import { mulberry32 } from '../../../methods/prng.ts';
import type { FeatureMap } from '../../../methods/types.ts';
import type { LabeledMap } from '../../../metrics/labeled-map.ts';

/**
 * Features with the statistics of a network's features: similar neighbors, 38 % exact zeros, the rest from 0
 * to 1.
 */
export function networkLikeFeatures(channels: number, height: number, width: number, seed = 1): FeatureMap {
  const random = mulberry32(seed);
  const values = new Float32Array(channels * height * width);
  for (let i = 0; i < values.length; i++) {
    const smooth = 0.6 * (i % width === 0 ? random() : values[i - 1]) + 0.4 * random();
    values[i] = random() < 0.38 ? 0 : smooth;
  }
  return { values, channels, height, width };
}

/** A square map of noise with nearly all scores distinct. An anomalous square of a tenth of its side scores higher. */
export function noisyMap(side: number): LabeledMap {
  const random = mulberry32(3);
  const groundTruth = new Uint8Array(side * side);
  for (let y = 0; y < side / 10; y++) groundTruth.fill(1, y * side, y * side + Math.floor(side / 10));
  const scores = Float32Array.from(groundTruth, (anomalous) => random() + 0.3 * anomalous);
  return { scores, groundTruth, width: side, height: side };
}

/** Encodes a noisy square texture as PNG. Every seed gives a different texture. */
export function texturePng(side: number, seed: number): Promise<Buffer> {
  const random = mulberry32(seed);
  const pixels = new Uint8Array(3 * side * side);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.floor(i / 3);
    const weave = Math.sin((pixel % side) / 3) * Math.sin(Math.floor(pixel / side) / 3);
    pixels[i] = 128 + 60 * weave + 40 * (random() - 0.5);
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
