import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawSample, SAMPLES, type Sample } from './catalog.ts';
import { quantize } from './palette.ts';
import { encodeIndexed, encodeMask } from './png.ts';

/** Draws every sample and writes it to assets/samples in the layout of MVTec AD: `node assets/textures/make.ts`. */

const SIZE = 512;
const COLORS = 44;
const FOLDER = join(import.meta.dirname, '..', 'samples');

function writeSample(sample: Sample): number {
  const { pixels, mask } = drawSample(sample, SIZE);
  const name = String(sample.index).padStart(3, '0');
  const picture = encodeIndexed(quantize(pixels, COLORS), SIZE);
  const folder = join(FOLDER, sample.texture, 'test', sample.kind);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), picture);
  if (sample.kind === 'good') return picture.length;
  const truth = encodeMask(mask, SIZE);
  const truths = join(FOLDER, sample.texture, 'ground_truth', sample.kind);
  mkdirSync(truths, { recursive: true });
  writeFileSync(join(truths, `${name}_mask.png`), truth);
  return picture.length + truth.length;
}

for (const texture of new Set(SAMPLES.map((sample) => sample.texture))) {
  rmSync(join(FOLDER, texture), { recursive: true, force: true });
}
let bytes = 0;
for (const sample of SAMPLES) bytes += writeSample(sample);
console.log(`${SAMPLES.length} samples, ${(bytes / 1e6).toFixed(2)} MB`);
