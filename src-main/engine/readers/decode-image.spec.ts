import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../common/maps/npy.ts';
import { decodeImage, encodePreview, encodeValues } from './decode-image.ts';

const LIMIT = 1e6;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-décode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** 3 x 2 pixels, in which every sample has a different value. */
const samples = Uint8Array.from({ length: 18 }, (_, i) => 14 * i);
const rgb = () => sharp(samples, { raw: { width: 3, height: 2, channels: 3 } });
const gray = () =>
  sharp(samples.subarray(0, 6), { raw: { width: 3, height: 2, channels: 1 } }).toColourspace('b-w');
const wide = () => {
  const values = Uint16Array.from({ length: 6 }, (_, i) => 257 + 9973 * i);
  return sharp(values, { raw: { width: 3, height: 2, channels: 1 } }).toColourspace('grey16');
};

async function file(name: string, bytes: Uint8Array | Sharp): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, 'toBuffer' in bytes ? await bytes.toBuffer() : bytes);
  return path;
}

/** The planes as interleaved 8-bit samples. */
async function pixels(path: string): Promise<number[]> {
  const { values, width, height } = await decodeImage(path, { maxPixels: LIMIT });
  const count = width * height;
  return Array.from({ length: 3 * count }, (_, i) =>
    Math.round(values[(i % 3) * count + Math.floor(i / 3)] * 255),
  );
}

describe('decoding', () => {
  it.each([
    ['PNG', 'a.png', () => rgb().png()],
    ['palette PNG', 'p.png', () => rgb().png({ palette: true, colors: 256 })],
    ['lossless WebP', 'a.webp', () => rgb().webp({ lossless: true })],
    ['TIFF', 'a.tiff', () => rgb().tiff({ compression: 'lzw' })],
    [
      'tiled TIFF',
      't.tif',
      () => rgb().tiff({ compression: 'none', tile: true, tileWidth: 16, tileHeight: 16 }),
    ],
  ])('converts %s to RGB planes', async (_, name, image) => {
    expect(await pixels(await file(name, image()))).toEqual([...samples]);
  });

  it('reproduces a JPEG approximately', async () => {
    const flat = sharp({
      create: { width: 16, height: 16, channels: 3, background: { r: 200, g: 120, b: 40 } },
    });
    const [r, g, b] = await pixels(await file('a.jpg', flat.jpeg({ quality: 95 })));
    expect([Math.abs(r - 200), Math.abs(g - 120), Math.abs(b - 40)].every((error) => error <= 3)).toBe(true);
  });

  it('repeats gray in all three planes', async () => {
    const values = await pixels(await file('gray.png', gray().png()));
    expect(values).toEqual([...samples.subarray(0, 6)].flatMap((value) => [value, value, value]));
  });

  it.each([
    ['PNG', 'wide.png', () => wide().png()],
    ['TIFF', 'wide.tif', () => wide().tiff({ compression: 'lzw' })],
  ])('keeps the depth of 16-bit %s', async (_, name, image) => {
    const { values } = await decodeImage(await file(name, image()), { maxPixels: LIMIT });
    for (let i = 0; i < 6; i++) expect(values[i]).toBeCloseTo((257 + 9973 * i) / 65535, 6);
  });

  it('blends transparency onto black', async () => {
    const rgba = Uint8Array.of(200, 100, 50, 0, 200, 100, 50, 51, 200, 100, 50, 255);
    const partly = sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } });
    for (const name of ['partly.png', 'partly.webp']) {
      const image =
        name === 'partly.png' ? partly.clone().png() : partly.clone().webp({ lossless: true, exact: true });
      expect(await pixels(await file(name, image))).toEqual([0, 0, 0, 40, 20, 10, 200, 100, 50]);
    }
  });

  it('applies the EXIF orientation', async () => {
    const turned = rgb()
      .withExif({ IFD0: { Orientation: '6' } })
      .withMetadata({ orientation: 6 });
    const { width, height } = await decodeImage(
      await file('turned.tif', turned.tiff({ compression: 'none' })),
      { maxPixels: LIMIT },
    );
    expect([width, height]).toEqual([2, 3]);
  });

  it('scales previews down to fit, never up', async () => {
    const path = await file('large.png', rgb().resize(300, 200).png());
    const sizeOf = async (side: number) =>
      (await sharp(await encodePreview(path, side, { maxPixels: LIMIT })).metadata()).width;
    expect([await sizeOf(120), await sizeOf(900)]).toEqual([120, 300]);
  });
});

describe('a file that is not an image', () => {
  const png = () => rgb().resize(64, 64).png().toBuffer();

  it.each([
    ['text', async () => Buffer.from('hello, this is text')],
    ['nothing', async () => Buffer.alloc(0)],
    ['a truncated PNG', async () => (await png()).subarray(0, -60)],
    ['a PNG that ends in its header', async () => (await png()).subarray(0, 20)],
    ['a BMP of two bytes', async () => Buffer.from('BM')],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a GIF', async () => rgb().gif().toBuffer()],
  ])('is rejected with its name and the reason: %s', async (_, bytes) => {
    const path = await file('broken.png', await bytes());
    await expect(decodeImage(path, { maxPixels: LIMIT })).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringContaining(path),
    });
  });

  it('is distinguished from a missing file and a folder', async () => {
    await expect(decodeImage(join(folder, 'gone.png'), { maxPixels: LIMIT })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(decodeImage(folder, { maxPixels: LIMIT })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
  });

  it('is rejected before decoding if it is too large', async () => {
    const huge = sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#888' } }).png();
    await expect(decodeImage(await file('huge.png', huge), { maxPixels: LIMIT })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringMatching(/4000 x 4000.*raise the limit/),
      hint: { kind: 'raise-max-pixels' },
    });
  });
});

describe('the values of a 16-bit image', () => {
  it('equal those of its file, in one plane if it is gray', async () => {
    const values = Uint16Array.from({ length: 6 }, (_, i) => 5 + 818 * i);
    const deep = sharp(values, { raw: { width: 3, height: 2, channels: 1 } }).toColourspace('grey16');
    const path = await file('deep.png', deep.png());
    const read = readNpy(await encodeValues(path, { maxPixels: LIMIT, bitDepth: 12 }));
    expect(read.shape).toEqual([1, 2, 3]);
    expect([...read.values]).toEqual([...values]);
  });
});
