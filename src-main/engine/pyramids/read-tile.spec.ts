import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PerchError } from '../../common/api/errors.ts';
import { readNpy, writeNpy } from '../../common/maps/npy.ts';
import { levelCount, tileGrid, tileSize } from '../../common/tiles.ts';
import { encodePreview } from '../readers/decode-image.ts';
import { readMapTile, readTile } from './read-tile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-tiles-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Reads a tile, again while it is being prepared. */
async function patiently<Response>(read: () => Promise<Response>): Promise<Response> {
  for (;;) {
    try {
      return await read();
    } catch (cause) {
      if ((cause as PerchError).code !== 'NOT_YET') throw cause;
    }
  }
}

const size = { width: 1301, height: 700 };
const noise = (channels: number, wide: boolean) => {
  const count = size.width * size.height * channels;
  let state = 1;
  const next = () => (state = (state * 48271) % 0x7fffffff);
  return wide
    ? Uint16Array.from({ length: count }, () => next() % 4096)
    : Uint8Array.from({ length: count }, next);
};

describe('tiles of an image', () => {
  it.each([
    ['gray', 1, false],
    ['RGB', 3, false],
    ['16-bit gray', 1, true],
  ])('of %s are lossless in level 0 and means above', async (_, channels, wide) => {
    const path = join(folder, `${channels}-${wide}.png`);
    const raw = { ...size, channels: channels as 1 | 3 };
    const image = sharp(noise(channels, wide), { raw });
    await (wide ? image.toColourspace('grey16') : image).png().toFile(path);
    const source = { path, ...(wide && { bitDepth: 12 }) };
    const whole = await pixelsOf(
      await encodePreview(path, undefined, { maxPixels: 1e7, ...source }),
      channels,
    );
    let level = { values: whole, ...size };
    for (let number = 0; number < levelCount(size); number++) {
      const { columns, rows } = tileGrid(size, number);
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++) {
          const tile = { level: number, x, y };
          const { bytes } = await patiently(() => readTile({ source, tile }));
          const { width, height } = tileSize(size, tile);
          const wanted = part(level, { left: 512 * x, top: 512 * y, width, height }, channels);
          expect(Buffer.compare(await pixelsOf(bytes, channels), wanted)).toBe(0);
        }
      level = halved(level, channels);
    }
  });

  it('have values as the whole image', async () => {
    const source = { path: join(folder, '1-true.png'), bitDepth: 12 };
    const { bytes } = await patiently(() =>
      readTile({ source, tile: { level: 0, x: 2, y: 1 }, values: true }),
    );
    const { shape, values } = readNpy(bytes, 'tile');
    expect(shape).toEqual([1, 188, 277]);
    const all = noise(1, true);
    expect(values[5 * 277 + 7]).toBe(all[(512 + 5) * size.width + 1024 + 7]);
  });

  it('do not exist beyond the image', async () => {
    const source = { path: join(folder, '1-false.png') };
    for (const tile of [
      { level: 0, x: 3, y: 0 },
      { level: 2, x: 0, y: 1 },
      { level: 3, x: 0, y: 0 },
    ])
      await expect(patiently(() => readTile({ source, tile }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are made again if their file was cut off', async () => {
    const source = { path: join(folder, 'again.png') };
    const other = noise(1, false).reverse();
    await sharp(other, { raw: { ...size, channels: 1 } })
      .png()
      .toFile(source.path);
    const pixels = join(folder, 'home', 'pixels');
    const before = new Set(await readdir(pixels));
    const tile = { level: 1, x: 0, y: 0 };
    const { bytes } = await patiently(() => readTile({ source, tile }));
    const made = (await readdir(pixels)).filter((name) => !before.has(name));
    expect(made).toHaveLength(2);
    for (const name of made) await truncate(join(pixels, name), 1000);
    // A crop is another image with the same pixel file.
    const cropped = { ...source, crop: { left: 0, top: 0, ...size } };
    expect((await patiently(() => readTile({ source: cropped, tile }))).bytes).toEqual(bytes);
  });

  it('of a damaged file report why', async () => {
    const path = join(folder, 'damaged.tif');
    await writeFile(path, 'II*\0damaged');
    await expect(
      patiently(() => readTile({ source: { path }, tile: { level: 0, x: 0, y: 0 } })),
    ).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
    });
  });
});

it('tiles of a map have its scores, and maxima above level 0', async () => {
  const path = join(folder, 'a'.repeat(64));
  const values = Float32Array.from({ length: size.width * size.height }, (_, at) =>
    Math.fround(Math.sin(at)),
  );
  values[650 * size.width + 1200] = 7;
  await writeFile(path, writeNpy({ shape: [size.height, size.width], values }));
  const { bytes } = await patiently(() => readMapTile({ path, tile: { level: 0, x: 2, y: 1 } }));
  const tile = readNpy(bytes, 'tile');
  expect(tile.shape).toEqual([188, 277]);
  expect(tile.values[(650 - 512) * 277 + 1200 - 1024]).toBe(7);
  const top = readNpy(
    (await patiently(() => readMapTile({ path, tile: { level: 2, x: 0, y: 0 } }))).bytes,
    'tile',
  );
  expect(top.shape).toEqual([175, 326]);
  expect(top.values[162 * 326 + 300]).toBe(7);
});

async function pixelsOf(png: Uint8Array, channels: number): Promise<Buffer> {
  const image = sharp(png);
  return (channels === 1 ? image.toColourspace('b-w') : image.toColourspace('srgb')).raw().toBuffer();
}

interface Level {
  values: Buffer;
  width: number;
  height: number;
}

function part(
  { values, width: stride }: Level,
  crop: { left: number; top: number; width: number; height: number },
  channels: number,
) {
  const rows = Array.from({ length: crop.height }, (_, y) => {
    const start = ((crop.top + y) * stride + crop.left) * channels;
    return values.subarray(start, start + crop.width * channels);
  });
  return Buffer.concat(rows);
}

function halved({ values, width, height }: Level, channels: number): Level {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const at = (x: number, y: number, channel: number) =>
    values[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels + channel];
  const means = Buffer.alloc(half.width * half.height * channels);
  let to = 0;
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++)
      for (let channel = 0; channel < channels; channel++) {
        const [left, right, upper, lower] = [2 * x, 2 * x + 1, 2 * y, 2 * y + 1];
        const sum =
          at(left, upper, channel) +
          at(right, upper, channel) +
          at(left, lower, channel) +
          at(right, lower, channel);
        means[to++] = Math.round(sum / 4);
      }
  return { values: means, ...half };
}
