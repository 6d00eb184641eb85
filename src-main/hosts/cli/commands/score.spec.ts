import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../common/maps/npy.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-score-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const features = {
  shape: [2, 14, 16],
  values: Float32Array.from({ length: 448 }, (_, at) => ((at * 37) % 101) / 101),
};

async function score(array: { shape: number[]; values: Float32Array }, ...options: string[]) {
  const path = join(folder, 'features.npy');
  await writeFile(path, writeNpy(array));
  return perch('score', path, '--out', join(folder, 'map.npy'), '--patch-size', '5', ...options);
}

async function mapOf(...options: string[]): Promise<number[]> {
  const { code, stderr } = await score(features, ...options);
  expect(code, stderr).toBe(0);
  return Array.from(readNpy(await readFile(join(folder, 'map.npy'))).values);
}

describe('perch score', () => {
  it('accepts features with a batch dimension of 1', async () => {
    expect(await score({ ...features, shape: [1, 2, 14, 16] })).toMatchObject({ code: 0 });
    expect(readNpy(await readFile(join(folder, 'map.npy'))).shape).toEqual([14, 16]);
  });

  it('names the channel that is not finite', async () => {
    const values = features.values.slice();
    values[300] = NaN;
    const { code, stderr } = await score({ ...features, values });
    expect(code).toBe(1);
    expect(stderr).toMatch(/channel 1/);
  });

  it('draws the same reference patches for the same seed', async () => {
    const map = (reference: string) => mapOf('--statistic', 'histogram', '--reference', reference);
    const seven = await map('random:4:7');
    expect(await map('random:4:7')).toEqual(seven);
    expect(await map('random:4:8')).not.toEqual(seven);
  });

  it('passes parameters to the statistic', async () => {
    const coarse = await mapOf('--statistic', 'histogram', '--bins', '3', '--sigma', '2');
    expect(coarse).not.toEqual(await mapOf('--statistic', 'histogram'));
  });

  it('scores each image of a set', async () => {
    const both = Float32Array.from([...features.values, ...features.values.toReversed()]);
    const map = await mapOf();
    expect(await score({ shape: [2, 2, 14, 16], values: both })).toMatchObject({ code: 0 });
    const { shape, values } = readNpy(await readFile(join(folder, 'map.npy')));
    expect(shape).toEqual([2, 14, 16]);
    expect(Array.from(values.subarray(0, 224))).toEqual(map);
  });

  it('keeps the axis of a single image that is compared with normal ones', async () => {
    const set = join(folder, 'set.npy');
    await writeFile(set, writeNpy({ ...features, shape: [1, 2, 14, 16] }));
    const out = join(folder, 'map.npy');
    const { code, stderr } = await perch(
      'score',
      set,
      '--statistic',
      'nearest',
      '--normal',
      set,
      '--out',
      out,
    );
    expect(code, stderr).toBe(0);
    const { shape, values } = readNpy(await readFile(out));
    expect(shape).toEqual([1, 14, 16]);
    expect(Math.max(...values)).toBe(0);
  });

  it.each([
    [['--statistic', 'nearest'], /"nearest" compares with normal images\. .* --normal FILE/],
    [['--statistic', 'mutual'], /"mutual" compares images with each other, but the file has one/],
    [['--statistic', 'mutual', '--normal', 'x.npy'], /"mutual" does not support --normal/],
    [['--statistic', 'mutual', '--patch-size', '5'], /"mutual" does not support --patch-size/],
    [['--statistic', 'nearest', '--reference', 'mean'], /"nearest" does not support --reference/],
    [['--statistic', 'fca', '--normal', 'x.npy'], /"fca" does not support --normal/],
    [['--statistic', 'subspace', '--normal', 'missing.npy'], /missing\.npy/],
  ])('refuses %j', async (options, sentence) => {
    const path = join(folder, 'one.npy');
    await writeFile(path, writeNpy(features));
    const { code, stderr } = await perch('score', path, '--out', join(folder, 'map.npy'), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });

  it.each([
    ['a flat array', { shape: [448], values: features.values }, [], /C x H x W/],
    ['a map smaller than the patch', features, ['--patch-size', '15'], /smaller than a patch of 15 x 15/],
    [
      'a parameter of another statistic',
      features,
      ['--statistic', 'sww', '--patch-sigma', '2'],
      /"sww" .*sigmaP/,
    ],
    ['a sigma below zero', features, ['--patch-sigma', '-1'], /"fca" .*sigmaP/],
    [
      'a reference that the statistic does not support',
      features,
      ['--statistic', 'aota', '--reference', 'all'],
      /"aota" does not accept the reference "all"\. It accepts: knn\[:K\]/,
    ],
    [
      'a reference argument out of range',
      features,
      ['--reference', 'knn:0'],
      /In "knn:0", K must be a whole number from 1/,
    ],
  ])('refuses %s', async (_, array, options, sentence) => {
    const { code, stderr } = await score(array, ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });
});
