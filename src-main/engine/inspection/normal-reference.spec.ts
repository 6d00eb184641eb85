import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyMethod, Method } from '../../common/api/schemas.ts';
import { sortedTiles } from '../../methods/fallback/sorted-tiles.ts';
import { colors } from '../../methods/extractors/colors.ts';
import { mulberry32 } from '../../methods/prng.ts';
import type { FeatureMap } from '../../methods/types.ts';
import { SessionPool } from '../inference/onnx-sessions.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { inspect } from './inspect.ts';
import { getMemory } from './normal-memory.ts';
import { getNormalReference } from './normal-reference.ts';

const runner = new SessionPool(1);
const execution = { threads: 1 };
let folder: string;
let paths: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-normal-'));
  paths = await Promise.all(
    [48, 40, 57].map(async (side, seed) => {
      const random = mulberry32(seed);
      const pixels = Uint8Array.from({ length: 3 * side * 48 }, () => (100 + 50 * seed) * random());
      const path = join(folder, `${seed}.png`);
      await sharp(pixels, { raw: { width: side, height: 48, channels: 3 } }).toFile(path);
      return path;
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const method = (changes: Partial<Method> = {}) => ({
  extractor: 'colors',
  statistic: 'fca',
  reference: 'median',
  patchSize: 5,
  ...changes,
});
const run = (of: AnyMethod, image: string, normal: string[], more = {}) =>
  inspect(
    {
      path: image,
      method: of,
      maxPixels: 1e6,
      provider: 'cpu',
      normal: normal.map((path) => ({ path })),
      ...more,
    },
    handlerContext({ runner }),
  );
const request = (normal: string[], changes: Partial<Method> = {}) => ({
  method: { ...method(changes), patchSize: 5 },
  normal: normal.map((path) => ({ path })),
  maxPixels: 1e6,
});

function largest(values: Float32Array, expected: Float32Array): number {
  const [low, high] = [Math.min(...expected), Math.max(...expected)];
  return Math.max(...values.map((value, at) => Math.abs(value - expected[at]))) / (high - low);
}

describe('a reference from normal images', () => {
  it.each(['median', 'mean'])('"%s" is that of all tiles of all images', async (reference) => {
    const { selection, scale } = await getNormalReference(request(paths, { reference }), runner, execution);
    expect(scale).toBeUndefined();
    const maps: FeatureMap[] = [];
    for (const path of paths) {
      const image = await decodeImage(path, { maxPixels: 1e6 });
      maps.push((await colors.extract(image, runner, execution)).features);
    }
    const expected = [0, 1, 2].flatMap((channel) => {
      const tiles = maps.flatMap((map) => sortedTiles(map, channel, 5));
      return Array.from({ length: 25 }, (_, rank) => {
        const values = tiles.map((tile) => tile[rank]).sort((a, b) => a - b);
        if (reference === 'median') return values[Math.floor((values.length - 1) / 2)];
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      });
    });
    const lists = [...(selection as { lists: Float32Array }).lists];
    expect(lists.length).toBe(expected.length);
    lists.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 5));
  });

  it.each<[string, Partial<Method>]>([
    ['unscaled', {}],
    ['scaled by the range', { extractor: 'steerable' }],
    ['scaled robustly', { extractor: 'gabor' }],
    ['with the mean', { reference: 'mean', statistic: 'sww', extractor: 'gabor' }],
  ])('equals the own reference if the only normal image is the inspected one, %s', async (_, changes) => {
    const own = await run(method(changes), paths[0], []);
    const normal = await run(method({ ...changes, normal: true }), paths[0], [paths[0]]);
    expect(largest(normal.placed.map.values, own.placed.map.values)).toBeLessThan(1e-4);
    expect(normal.chosen).toBeUndefined();
  });

  it('has the features of the image in the range of the normal images', async () => {
    // Image 2 is brighter than images 0 and 1, which are scaled to their common range.
    const { scale } = await getNormalReference(
      request(paths.slice(0, 2), { extractor: 'steerable' }),
      runner,
      execution,
    );
    const one = await getNormalReference(request([paths[0]], { extractor: 'steerable' }), runner, execution);
    expect(scale?.length).toBe(129);
    expect(scale?.every(({ center }, c) => center <= (one.scale?.[c].center ?? NaN))).toBe(true);
  });

  it.each(['moments', 'histogram'])('"%s" compares with the mean of the tiles', async (statistic) => {
    const changes = { statistic, reference: 'global' };
    const same = await run(method({ ...changes, normal: true }), paths[0], [paths[0]]);
    const own = await run(method(changes), paths[0], []);
    const other = await run(method({ ...changes, normal: true }), paths[0], [paths[2]]);
    const mean = ({ placed }: typeof own) =>
      placed.map.values.reduce((sum, value) => sum + value, 0) / placed.map.values.length;
    expect(mean(same) / mean(own)).toBeCloseTo(1, 0);
    expect(mean(other)).toBeGreaterThan(1.5 * mean(own));
    expect(same.placed.map).toMatchObject({ height: 48, width: 48 });
  });

  it('keeps evenly spread tiles of each image above the limit, and says so', async () => {
    const limits = { values: 30 * 75, positions: Infinity };
    const { count, available } = await getNormalReference(request(paths), runner, execution, limits);
    expect([count, available]).toEqual([30, 9 * 9 + 8 * 9 + 11 * 9]);
  });

  it('is computed once for the same images, and again for others', async () => {
    const first = await getNormalReference(request(paths), runner, execution);
    expect(await getNormalReference(request(paths), runner, execution)).toBe(first);
    expect(await getNormalReference(request(paths.slice(1)), runner, execution)).not.toBe(first);
  });

  it('takes tiles inside the inspection region only', async () => {
    const include = [{ type: 'rectangle', left: 0, top: 0, width: 20, height: 20 } as const];
    const region = { include, exclude: [], border: 0 };
    const { count } = await getNormalReference({ ...request(paths), region }, runner, execution);
    expect(count).toBe(3 * 16);
  });

  it('fails without normal images, and with one that is too small', async () => {
    await expect(run(method({ normal: true }), paths[0], [])).rejects.toThrow('none were given');
    const small = join(folder, 'small.png');
    await sharp(new Uint8Array(3 * 4 * 4), { raw: { width: 4, height: 4, channels: 3 } }).toFile(small);
    await expect(run(method({ normal: true }), paths[0], [small])).rejects.toThrow(
      /small\.png is 4 x 4 positions/,
    );
  });
});

describe('a memory of normal images', () => {
  const memory = (name: 'nearest' | 'subspace', parameters?: Record<string, number>) => ({
    extractor: 'gabor',
    memory: name,
    ...(parameters && { parameters }),
  });

  it('"nearest" scores patches of the memory 0', async () => {
    const same = await run(memory('nearest'), paths[0], paths);
    expect(Math.max(...same.placed.map.values)).toBeLessThan(1e-6);
    const other = await run(memory('nearest'), paths[0], [paths[2]]);
    expect(Math.min(...other.placed.map.values)).toBeGreaterThan(1e-4);
  });

  it('"subspace" scores what the components of the normal images do not explain', async () => {
    const all = await run(memory('subspace', { variance: 1 }), paths[0], paths);
    const half = await run(memory('subspace', { variance: 0.5 }), paths[0], paths);
    expect(Math.max(...all.placed.map.values)).toBeLessThan(1e-6);
    expect(Math.min(...half.placed.map.values)).toBeGreaterThan(1e-4);
  });

  it('contains eight rotations of each image if wanted, and finds a turned image in them', async () => {
    const turned = join(folder, 'turned.png');
    await sharp(paths[0]).rotate(90).toFile(turned);
    const scores = async (rotations: number) =>
      (await run({ ...memory('nearest', { rotations }), extractor: 'laws' }, turned, [paths[0]])).placed.map
        .values;
    expect(Math.max(...(await scores(8)))).toBeLessThan(1e-5);
    expect(Math.max(...(await scores(1)))).toBeGreaterThan(1e-3);
  });

  it('keeps evenly spread patches of each image above the limit', async () => {
    const given = { ...request(paths), method: { extractor: 'gabor', memory: 'nearest' as const } };
    const limits = { values: Infinity, rows: 60 };
    const { rows, available } = await getMemory(given, runner, execution, limits);
    expect([rows.count, rows.length]).toEqual([60, 70]);
    expect(available).toBe(12 * (12 + 12 + 16));
  });
});
