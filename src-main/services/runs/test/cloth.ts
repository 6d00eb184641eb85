import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { AnyMethod } from '../../../common/api/schemas.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import type { NewImage } from '../../../store/images.ts';
import type { Store } from '../../../store/store.ts';

/** Methods that take milliseconds on small images and share their features. */
export const quickMethods: AnyMethod[] = [
  { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 },
  { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 3 },
];

/** Writes noisy images of `side` x `side` pixels below a folder and adds them to the store as a dataset of one class. */
export async function addCloth(
  store: Store,
  folder: string,
  { images, train = 0, side = 24 }: { images: number; train?: number; side?: number },
): Promise<{ dataset: number; images: number[]; paths: string[] }> {
  mkdirSync(folder, { recursive: true });
  const name = store.datasets.uniqueName('cloth');
  const dataset = store.datasets.add({ name, layout: 'mvtec', root: folder, ignoreBorder: 0 });
  const added: number[] = [];
  const paths: string[] = [];
  for (let sortIndex = 0; sortIndex < images + train; sortIndex++) {
    const path = join(folder, `${sortIndex}.png`);
    const bytes = await noisyPng(sortIndex, side);
    await writeFile(path, bytes);
    const image: NewImage = {
      path,
      tileIndex: 0,
      name: `${sortIndex}.png`,
      textureClass: 'linen',
      defectType: 'good',
      split: sortIndex < images ? 'test' : 'train',
      width: side,
      height: side,
      thumbnail: null,
      sortIndex,
      file: {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        mtimeMs: (await stat(path)).mtimeMs,
        ctimeMs: (await stat(path)).ctimeMs,
      },
      maskFiles: [],
    };
    const id = store.images.add(dataset, image);
    if (sortIndex >= images) {
      store.revisions.add({
        image: id,
        groundTruth: 'normal',
        mask: null,
        author: '',
        source: 'imported',
        pixels: 0,
      });
    } else {
      added.push(id);
      paths.push(path);
    }
  }
  return { dataset, images: added, paths };
}

export function noisyPng(seed: number, side: number): Promise<Buffer> {
  const random = mulberry32(seed);
  const pixels = Uint8Array.from({ length: 3 * side * side }, () => 256 * random());
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
