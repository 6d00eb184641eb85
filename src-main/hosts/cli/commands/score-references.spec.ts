import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../common/maps/npy.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;
let features: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-references-'));
  features = join(folder, 'features.npy');
  const values = Float32Array.from({ length: 2 * 14 * 16 }, (_, at) => ((at * 37) % 101) / 101);
  await writeFile(features, writeNpy({ shape: [2, 14, 16], values }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function mapOf(...options: string[]): Promise<number[]> {
  const out = join(folder, 'map.npy');
  const { code, stderr } = await perch('score', features, '--patch-size', '5', '--out', out, ...options);
  expect(code, stderr).toBe(0);
  return Array.from(readNpy(await readFile(out), out).values);
}

describe('perch score --reference', () => {
  it('draws the same windows by the same seed', async () => {
    const drawn = (reference: string) => mapOf('--statistic', 'histogram', '--reference', reference);
    expect(await drawn('random:4:7')).toEqual(await drawn('random:4:7'));
    expect(await drawn('random:4:7')).not.toEqual(await drawn('random:4:8'));
  });

  it('passes the parameters on', async () => {
    const coarse = await mapOf('--statistic', 'histogram', '--bins', '3', '--sigma', '2');
    expect(coarse).not.toEqual(await mapOf('--statistic', 'histogram'));
  });

  it.each([
    [
      ['--statistic', 'aota', '--reference', 'all'],
      /"aota" takes no reference "all"\. It takes: knn\[:NEIGHBORS\]/,
    ],
    [['--reference', 'knn:0'], /In "knn:0", NEIGHBORS must be a whole number from 1/],
    [['--statistic', 'moments', '--bins', '4'], /"moments" refuses .*bins/],
  ])('refuses %j', async (options, sentence) => {
    const { code, stderr } = await perch('score', features, '--out', join(folder, 'x.npy'), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });
});

describe('perch inspect --statistic aota', () => {
  it('writes a map of the size of the image', async () => {
    const image = join(folder, 'image.png');
    const pixels = Uint8Array.from({ length: 50 * 40 }, (_, at) => (at * 31) % 251);
    await sharp(pixels, { raw: { width: 50, height: 40, channels: 1 } })
      .png()
      .toFile(image);
    const options = ['--statistic', 'aota', '--reference', 'knn:20', '--patch-size', '5', '--sigma', '50'];
    const { code, stderr } = await perch('inspect', image, '--out', folder, ...options);
    expect(code, stderr).toBe(0);
    const path = join(folder, 'image.map.npy');
    expect(readNpy(await readFile(path), path).shape).toEqual([40, 50]);
  });
});
