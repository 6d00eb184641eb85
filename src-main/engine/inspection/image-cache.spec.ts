import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { ImageCache } from './image-cache.ts';
import { inspect } from './inspect.ts';

const maxPixels = 1e6;
let folder: string;
let paths: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-image-cache-'));
  paths = await Promise.all(
    [31, 37, 41, 43].map(async (factor) => {
      const pixels = Uint8Array.from({ length: 3 * 96 * 80 }, (_, at) => (at * at * factor) % 251);
      const png = sharp(pixels, { raw: { width: 96, height: 80, channels: 3 } }).png();
      const path = join(folder, `${factor}.png`);
      await writeFile(path, await png.toBuffer());
      return path;
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe('the memory of decoded images', () => {
  /** Decodes all images in turn; `use` is called with each. */
  async function decodeAll(use: (image: Awaited<ReturnType<ImageCache['decode']>>) => void) {
    const cache = new ImageCache();
    const buffers: ArrayBuffer[] = [];
    for (const path of paths) {
      const image = await cache.decode({ path, maxPixels });
      expect(image.value).toEqual(await decodeImage(path, { maxPixels }));
      buffers.push(image.value.values.buffer);
      use(image);
    }
    return new Set(buffers).size;
  }

  it('is reused once the cache and all users are done with an image', async () => {
    // Two images are cached. The next one drops the older of them.
    expect(await decodeAll((image) => image[Symbol.dispose]())).toBe(2);
  });

  it('is not reused while an image is used', async () => {
    expect(await decodeAll(() => {})).toBe(paths.length);
  });

  it('is not reused if something refers to it, even if it is disposed of repeatedly', async () => {
    const size = await decodeAll((image) => {
      image.retain();
      image[Symbol.dispose]();
      image[Symbol.dispose]();
    });
    expect(size).toBe(paths.length);
  });

  it('is not reused while another request uses the same image', async () => {
    const cache = new ImageCache();
    const [first, second] = await Promise.all(
      [0, 0].map((at) => cache.decode({ path: paths[at], maxPixels })),
    );
    expect(second.value).toBe(first.value);
    first[Symbol.dispose]();
    for (const path of paths.slice(1)) (await cache.decode({ path, maxPixels }))[Symbol.dispose]();
    expect(second.value).toEqual(await decodeImage(paths[0], { maxPixels }));
  });

  it('does not change cached features that are the planes of an image', async () => {
    const colors = (statistic: string): AnyMethod => ({
      extractor: 'colors',
      statistic,
      reference: 'median',
      patchSize: 5,
    });
    const context = handlerContext();
    const inspectWith = async (path: string, method: AnyMethod, using = context) =>
      (await inspect({ path, method, maxPixels, provider: 'cpu' }, using)).placed.map;
    await inspectWith(paths[0], colors('fca'));
    // Their planes take the memory of former images, but no features replace the cached ones.
    for (const path of paths.slice(1)) await inspectWith(path, { baseline: 'bellini' });
    for (const path of paths.slice(1)) await inspectWith(path, { baseline: 'bellini' });
    expect(await inspectWith(paths[0], colors('sww'))).toEqual(
      await inspectWith(paths[0], colors('sww'), handlerContext()),
    );
  });
});
