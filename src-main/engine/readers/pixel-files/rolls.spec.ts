import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { toPlanes } from '../rgb-planes.ts';
import { imageSize } from './image-size.ts';
import { openPixelFile } from './open-pixel-file.ts';

let folder: string;
let roll: string;
let kept: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-rolls-'));
  roll = join(folder, 'roll');
  kept = join(folder, 'kept');
  await mkdir(roll);
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

let state = 1;
const next = (limit: number) => (state = (state * 48271) % 0x7fffffff) % limit;
const samples = (count: number, limit: number) =>
  limit > 256
    ? Uint16Array.from({ length: count }, () => next(limit))
    : Uint8Array.from({ length: count }, () => next(limit));

interface Frame {
  name: string;
  width?: number;
  height?: number;
  channels?: 1 | 3;
  limit?: number;
}

/** Writes frames of random pixels. */
async function write(...frames: Frame[]): Promise<void> {
  for (const { name, width = 20, height = 10, channels = 1, limit = 256 } of frames) {
    const image = sharp(samples(width * height * channels, limit), { raw: { width, height, channels } });
    const space = channels === 3 ? (limit > 256 ? 'rgb16' : 'srgb') : limit > 256 ? 'grey16' : 'b-w';
    await image.toColourspace(space).toFile(join(roll, name));
  }
}

const open = (options = {}) => openPixelFile({ path: roll, ...options }, { folder: kept });

describe('the frames of a folder are one image', () => {
  it.each([
    ['down', { width: 20, height: 27 }, [10, 5, 12]],
    ['right', { width: 27, height: 20 }, [10, 5, 12]],
  ] as const)('stacked %s', async (direction, size, lengths) => {
    const cross = direction === 'down' ? 'width' : 'height';
    const along = direction === 'down' ? 'height' : 'width';
    await write(...lengths.map((length, at) => ({ name: `f${at + 9}.png`, [cross]: 20, [along]: length })));
    const source = await open({ direction });
    expect(source).toMatchObject({ ...size, channels: 1, depth: 8, notes: [] });
    expect(source.frames.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ['f9.png', 0, 10],
      ['f10.png', 10, 5],
      ['f11.png', 15, 12],
    ]);
    expect(await imageSize(roll, direction)).toEqual(size);
    const images = await Promise.all(
      source.frames.map(({ name }) => decodeImage(join(roll, name), { maxPixels: 1e6 })),
    );
    const pixel = (x: number, y: number) => {
      const position = direction === 'down' ? y : x;
      const at = source.frames.findLastIndex(({ offset }) => offset <= position);
      const { values, width } = images[at];
      const inside = position - source.frames[at].offset;
      return direction === 'down' ? values[inside * width + x] : values[y * width + inside];
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(size.width - 1),
        fc.nat(size.height - 1),
        fc.nat(size.width - 1),
        fc.nat(size.height - 1),
        async (x1, y1, x2, y2) => {
          const [left, top] = [Math.min(x1, x2), Math.min(y1, y2)];
          const [width, height] = [Math.abs(x1 - x2) + 1, Math.abs(y1 - y2) + 1];
          const { values } = toPlanes(await source.read({ left, top, width, height }));
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) expect(values[y * width + x]).toBe(pixel(left + x, top + y));
        },
      ),
      { numRuns: 60 },
    );
    await source.close();
    const whole = await decodeImage(roll, { maxPixels: 1e6, direction });
    expect(whole.values[5 * size.width + 7]).toBe(pixel(7, 5));
    expect([whole.width, whole.height]).toEqual([size.width, size.height]);
  });

  it('with one bit depth for all', async () => {
    await write({ name: '1.png', limit: 1000 }, { name: '2.png', limit: 4096 });
    const source = await open();
    expect(source).toMatchObject({ depth: 16, used: { bits: 12 } });
    const { data } = await source.read({ left: 0, top: 0, width: 20, height: 10 });
    const own = await decodeImage(join(roll, '1.png'), { maxPixels: 1e6, bitDepth: 12 });
    expect(toPlanes({ data, width: 20, height: 10, channels: 1 }).values).toEqual(own.values);
    await source.close();
  });

  it('with gray frames as RGB between colored ones', async () => {
    await write({ name: '1.png', channels: 3 }, { name: '2.png' });
    const source = await open();
    expect(source.channels).toBe(3);
    const block = await source.read({ left: 0, top: 10, width: 20, height: 10 });
    expect(toPlanes(block).values).toEqual(
      (await decodeImage(join(roll, '2.png'), { maxPixels: 1e6 })).values,
    );
    await source.close();
  });

  it('with notes on missing frames and ignored pages', async () => {
    await write({ name: 'f1.png' }, { name: 'f4.png' });
    await writeFile(join(roll, 'notes.txt'), '');
    const source = await open();
    expect(source.notes.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'frames: 2 frames are missing in the numbering: 2 to 3. The frames around a gap are joined.',
      'frames: Ignored notes.txt.',
    ]);
    await source.close();
  });

  it('in the orientation of each frame', async () => {
    await write({ name: '1.png', width: 20, height: 10 });
    const turned = sharp(samples(200, 256), { raw: { width: 10, height: 20, channels: 1 } });
    await turned.toColourspace('b-w').withMetadata({ orientation: 6 }).toFile(join(roll, '2.tif'));
    const source = await open();
    expect(source).toMatchObject({ width: 20, height: 20 });
    const block = await source.read({ left: 0, top: 10, width: 20, height: 10 });
    expect(toPlanes(block).values).toEqual(
      (await decodeImage(join(roll, '2.tif'), { maxPixels: 1e6 })).values,
    );
    await source.close();
  });
});

describe('frames that do not fit', () => {
  it.each([
    [
      'width',
      { width: 21 },
      /2\.png does not belong .* it is 21 pixels wide, not 20 as its first frame 1\.png/,
    ],
    ['depth', { limit: 4096 }, /2\.png does not belong .* it has 16 bits per channel, not 8/],
  ])('in %s are named', async (_, other, message) => {
    await write({ name: '1.png' }, { name: '2.png', ...other });
    const expected = { code: 'NOT_AN_IMAGE', message: expect.stringMatching(message) };
    await expect(open()).rejects.toMatchObject(expected);
    await expect(imageSize(roll)).rejects.toMatchObject(expected);
  });

  it('because they are cut off are named, and nothing remains on disk', async () => {
    await write({ name: '1.png' }, { name: '2.png' }, { name: '3.png' });
    const { length } = await readFile(join(roll, '2.png'));
    await truncate(join(roll, '2.png'), length - 40);
    await expect(open()).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringContaining('2.png'),
    });
    expect(await readdir(kept)).toEqual([]);
  });

  it('because one was emptied are named', async () => {
    await write({ name: '1.png' });
    await writeFile(join(roll, '2.png'), '');
    await expect(open()).rejects.toMatchObject({ message: expect.stringMatching(/2\.png .* it is empty/) });
  });
});

describe('a pixel file', () => {
  it('is made once, also by requests at the same time', async () => {
    await write({ name: '1.png' }, { name: '2.png' });
    const sources = await Promise.all([open(), open(), open()]);
    expect(await readdir(kept)).toHaveLength(1);
    await Promise.all(sources.map((source) => source.close()));
  });

  it('is made again after a frame changes', async () => {
    await write({ name: '1.png' }, { name: '2.png' });
    const first = await open();
    await write({ name: '2.png' });
    const second = await open();
    expect(second.sha256).not.toBe(first.sha256);
    const { data } = await second.read({ left: 0, top: 10, width: 20, height: 10 });
    const frame = await decodeImage(join(roll, '2.png'), { maxPixels: 1e6 });
    expect(toPlanes({ data, width: 20, height: 10, channels: 1 }).values).toEqual(frame.values);
    await Promise.all([first.close(), second.close()]);
  });

  it('of an imported image that has changed is used while it is there', async () => {
    await write({ name: '1.png' }, { name: '2.png' });
    const { sha256: imported, close } = await open();
    await close();
    await write({ name: '2.png' });
    const old = await openPixelFile({ path: roll }, { folder: kept, imported });
    expect(old.sha256).toBe(imported);
    await old.close();
    await rm(kept, { recursive: true });
    await expect(openPixelFile({ path: roll }, { folder: kept, imported })).rejects.toMatchObject({
      code: 'IMAGE_CHANGED',
    });
  });

  it('is removed if the limit is reached, the one that was used longest ago first', async () => {
    const open3 = async (name: string) => {
      await sharp(samples(10_000, 256), { raw: { width: 100, height: 100, channels: 1 } })
        .toColourspace('b-w')
        .toFile(join(folder, name));
      const source = await openPixelFile({ path: join(folder, name) }, { folder: kept, maxBytes: 25_000 });
      await source.close();
      return readdir(kept);
    };
    const [first] = await open3('a.png');
    expect(await open3('b.png')).toHaveLength(2);
    const left = await open3('c.png');
    expect(left).toHaveLength(2);
    expect(left).not.toContain(first);
  });

  it('is not left behind by a canceled request', async () => {
    await write({ name: '1.png' }, { name: '2.png' });
    const controller = new AbortController();
    const opening = openPixelFile(
      { path: roll },
      { folder: kept, signal: controller.signal, report: () => controller.abort() },
    );
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(kept)).toEqual([]);
  });
});
