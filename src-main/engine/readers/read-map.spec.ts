import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergedNeighbors, readMap, readMapHeader, readPreciseMap } from './read-map.ts';
import { expected, fixture } from './test/fixtures.ts';

const { width, height } = expected;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-maps-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sized = { width, height };

describe('a map written by another program', () => {
  it.each([
    'map-f2.npy',
    'map-f2-big-endian.npy',
    'map-f4.npy',
    'map-f4-big-endian.npy',
    'map-f8.npy',
    'map-f8-big-endian.npy',
    'map-fortran.npy',
    'map-version2.npy',
    'map-version3.npy',
    'map-1hw.npy',
    'map-hw1.npy',
    'map-f2.tif',
    'map-f2-big-endian.tif',
    'map-f2-deflate.tif',
    'map-f2-tiles.tif',
    'map-f4.tif',
    'map-f8.tif',
    'map-f8-big-endian.tif',
  ])('is read from %s', async (name) => {
    expect(await readMapHeader(fixture(name))).toMatchObject(sized);
    const map = await readMap(fixture(name));
    expect(map).toMatchObject(sized);
    // The scores were rounded to 16 bits before writing, so that every type represents them.
    expect(map.values).toEqual(Float32Array.from(expected.map));
  });

  it.each(['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8'])(
    'of type %s holds whole numbers',
    async (type) => {
      const { values } = await readMap(fixture(`map-${type}.npy`));
      const modulo = (value: number) => ((value % 100) + 100) % 100;
      const wanted = expected.steps.map((step) =>
        type.startsWith('u') ? Math.abs(step) % 100 : modulo(step) - 50,
      );
      expect(values).toEqual(Float32Array.from(wanted));
    },
  );

  it('may have booleans, or integers of 8 or 16 bits', async () => {
    expect((await readMap(fixture('map-bool.npy'))).values).toEqual(Float32Array.from(expected.defect));
    expect((await readMap(fixture('map-u1.tif'))).values).toEqual(Float32Array.from(expected.gray));
    expect((await readMap(fixture('gray.png'))).values).toEqual(Float32Array.from(expected.gray));
    expect((await readMap(fixture('gray16.png'))).values).toEqual(
      Float32Array.from(expected.gray, (v) => 257 * v),
    );
  });

  it('may use the floating point predictor, and is read as by libtiff', async () => {
    const path = fixture('map-f4-predictor.tif');
    const raw = await sharp(path).toColourspace('b-w').raw({ depth: 'float' }).toBuffer();
    expect((await readMap(path)).values).toEqual(new Float32Array(new Uint8Array(raw).buffer));
  });

  it('keeps its precision, and counts the scores that float32 would merge', async () => {
    const precise = await readPreciseMap(fixture('map-precise.npy'));
    expect(new Set(precise.values).size).toBeGreaterThan(300);
    expect(mergedNeighbors(precise)).toBeGreaterThan(100);
    expect(mergedNeighbors(precise, { low: 1 - 1e-8, range: 1e-8 })).toBe(0);
    expect(await readMapHeader(fixture('map-precise.npy'))).toEqual({ ...sized, isPrecise: true });
  });
});

describe('a map is rejected', () => {
  it.each([
    ['map-nan.npy', 'INVALID_MAP', /score at row 4, column 6 is NaN/],
    ['map-2hw.npy', 'INVALID_MAP', /its shape is 2 x 16 x 24, but a map has two axes/],
    ['map-complex.npy', 'INVALID_NPY', /its type is c8/],
    ['color.png', 'INVALID_MAP', /it has 3 channels, but a map has one/],
    ['color.jpg', 'INVALID_MAP', /it is a JPEG file/],
    ['pages.tif', 'INVALID_MAP', /it has 3 pages, but a map has one/],
  ])('%s', async (name, code, reason) => {
    await expect(readMap(fixture(name))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^.*${name} is not .*${reason.source}`)),
    });
  });

  const npy = async (name: string, header: string, body: number): Promise<string> => {
    const path = join(folder, name);
    const start = Buffer.from('\x93NUMPY\x02\0....', 'latin1');
    start.writeUInt32LE(header.length, 8);
    await writeFile(path, Buffer.concat([start, Buffer.from(header, 'latin1'), Buffer.alloc(body)]));
    return path;
  };

  it('if the order of its axes is ambiguous', async () => {
    const path = await npy('axes.npy', `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 5, 1), }`, 20);
    await expect(readMap(path)).rejects.toMatchObject({
      message: expect.stringMatching(/could mean 1 x 5 or 5 x 1/),
    });
    const flat = await npy('flat.npy', `{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }`, 20);
    await expect(readMap(flat)).rejects.toMatchObject({
      message: expect.stringMatching(/is 5, but.*two axes/),
    });
  });

  it('if it is truncated, whether tiled or not', async () => {
    for (const name of ['map-f2.tif', 'map-f2-tiles.tif', 'map-f8.npy', 'gray16.png']) {
      const path = join(folder, name);
      const bytes = await readFile(fixture(name));
      await writeFile(path, bytes.subarray(0, bytes.length * 0.7));
      await expect(readMap(path), name).rejects.toMatchObject({ message: expect.stringContaining(path) });
    }
  });

  it('but not because its header is long', async () => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }${' '.repeat(300_000)}\n`;
    const path = await npy('long.npy', header, 24);
    expect(await readMapHeader(path)).toMatchObject({ width: 3, height: 2 });
    expect((await readMap(path)).values).toEqual(new Float32Array(6));
  });
});
