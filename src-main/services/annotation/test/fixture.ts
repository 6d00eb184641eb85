import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import type { Store } from '../../../store/store.ts';
import { addImages, temporaryStore } from '../../../test/store.ts';
import { type Annotation, openAnnotation } from '../annotation.ts';

/*
 * The fixture of the annotation specs: one engine per file, and a folder and a store with three images per test.
 * The last image is a tile of a strip. Importing this module registers the hooks.
 */

export const [WIDTH, HEIGHT] = [32, 24];
export const signal = new AbortController().signal;
export const engine = new EngineClient();
export let temporary: ReturnType<typeof temporaryStore>;
export let store: Store;
export let annotation: Annotation;
export let dataset: number;
export let images: number[];
export let folder: string;

beforeAll(() => engine.start());
afterAll(() => engine.close());
beforeEach(async () => {
  temporary = temporaryStore();
  store = temporary.store;
  annotation = openAnnotation(store, engine);
  ({ dataset, images } = addImages(store, [{}, {}, { tileIndex: 3 }]));
  folder = await mkdtemp(join(tmpdir(), 'perch-masken-'));
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A mask with `marked` anomalous pixels in its second row, as 8-bit gray PNG. */
export function drawing(marked = 5, { width = WIDTH, height = HEIGHT, level = 255 } = {}): Promise<Buffer> {
  const gray = Buffer.alloc(width * height);
  gray.fill(level, width, width + marked);
  return sharp(gray, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

export async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

export const save = (png: Uint8Array, base: number, { author = 'Ada', image = images[0] } = {}) =>
  annotation.save({ image, author, base, png: pieces(png) }, signal);
export const revisions = async (image = images[0]) =>
  (await annotation.revisions({ image }, signal)).revisions;

export async function grayOf(png: Uint8Array): Promise<number[]> {
  const image = sharp(png);
  expect(await image.metadata()).toMatchObject({ format: 'png', channels: 1, depth: 'uchar' });
  return [...(await image.toColourspace('b-w').raw().toBuffer())];
}

/** The first half of a PNG. */
export async function half(): Promise<Uint8Array> {
  const whole = await drawing(20);
  return whole.subarray(0, whole.length / 2);
}
