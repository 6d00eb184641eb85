import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NpyArray, readNpy, writeNpy } from '../../../common/maps/npy.ts';
import { codePaths } from '../../../methods/backend/default-backend.ts';
import { goldenPath } from '../../../test/golden.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-golden-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (path: string) => readNpy(await readFile(path), path);

/** Largest difference as a fraction of the golden array's range; a golden file may contain only every n-th channel. */
async function deviation(actual: string, golden: string, every = 1): Promise<number> {
  const [a, g] = [everyChannel(await read(actual), every), await read(golden)];
  expect(a.shape).toEqual(g.shape);
  let [low, high, largest] = [Infinity, -Infinity, 0];
  for (let i = 0; i < g.values.length; i++) {
    low = Math.min(low, g.values[i]);
    high = Math.max(high, g.values[i]);
    largest = Math.max(largest, Math.abs(a.values[i] - g.values[i]));
  }
  return largest / (high - low);
}

function everyChannel({ shape, values }: NpyArray, every: number): NpyArray {
  const [channels, ...sides] = shape;
  const plane = values.length / channels;
  const kept = values.filter((_, i) => Math.floor(i / plane) % every === 0);
  return { shape: [Math.ceil(channels / every), ...sides], values: kept };
}

describe('the golden files', () => {
  const cases = ['auto', ...codePaths].flatMap((isa) =>
    ['a 9 fca', 'a 9 sww', 'b 5 fca', 'b 5 sww'].map((name) => [isa, ...name.split(' ')]),
  );

  it.each(cases)('are matched by perch score, %s: %s, T = %s, %s', async (isa, name, patch, statistic) => {
    const out = join(folder, `${name}.${statistic}.${isa}.npy`);
    const features = goldenPath(`${name}.features.npy`);
    const { code, stderr } = await perch(
      ...['score', features, '--statistic', statistic, '--patch-size', patch, '--simd', isa, '--out', out],
    );
    expect(code, stderr).toBe(0);
    expect(await deviation(out, goldenPath(`${name}.${statistic}.T${patch}.npy`))).toBeLessThan(2e-5);
  });

  const statistics = [
    { golden: 'moments', options: ['--statistic', 'moments'], tolerance: 2e-5 },
    { golden: 'histogram', options: ['--statistic', 'histogram'], tolerance: 2e-5 },
    { golden: 'fca-mean', options: ['--reference', 'mean'], tolerance: 2e-5 },
    { golden: 'fca-knn5', options: ['--reference', 'knn:5'], tolerance: 2e-5 },
    { golden: 'aota-distances', options: ['--statistic', 'aota'], tolerance: 1e-4 },
  ].flatMap((statistic) => [
    { name: 'a', patch: '9', ...statistic },
    { name: 'b', patch: '5', ...statistic },
  ]);

  it.each(statistics)(
    'are matched by perch score: $name, T = $patch, $golden',
    async ({ name, patch, golden, options, tolerance }) => {
      const out = join(folder, `${name}.${golden}.npy`);
      const features = goldenPath(`${name}.features.npy`);
      const { code, stderr } = await perch(
        ...['score', features, ...options, '--patch-size', patch, '--out', out],
      );
      expect(code, stderr).toBe(0);
      expect(await deviation(out, goldenPath(`${name}.${golden}.T${patch}.npy`))).toBeLessThan(tolerance);
    },
  );

  it.each([
    { statistic: 'mutual', golden: 'musc' },
    { statistic: 'nearest', golden: 'nearest-cosine' },
    { statistic: 'subspace', golden: 'subspace' },
  ])('are matched by perch score, $statistic', async ({ statistic, golden }) => {
    const out = join(folder, `${statistic}.npy`);
    const normal = join(folder, 'normal.npy');
    const { shape, values } = await read(goldenPath('set.tokens.npy'));
    const size = values.length / shape[0];
    const images = [0, 1, 3, 4, 5, 6].flatMap((at) =>
      Array.from(values.subarray(at * size, (at + 1) * size)),
    );
    await writeFile(normal, writeNpy({ shape: [6, ...shape.slice(1)], values: Float32Array.from(images) }));
    const { code, stderr } = await perch(
      ...['score', goldenPath('set.tokens.npy'), '--statistic', statistic, '--out', out],
      ...(statistic === 'mutual' ? [] : ['--normal', normal]),
    );
    expect(code, stderr).toBe(0);
    expect(await deviation(out, goldenPath(`set.${golden}.npy`))).toBeLessThan(1e-4);
  });

  it.each([
    { extractor: 'gabor', every: 1, tolerance: 1e-3 },
    { extractor: 'gabor67', every: 1, tolerance: 1e-3 },
    { extractor: 'laws', every: 1, tolerance: 1e-4 },
    { extractor: 'steerable', every: 16, tolerance: 1e-3 },
  ])('are matched by perch extract, $extractor', async ({ extractor, every, tolerance }) => {
    const out = join(folder, `${extractor}.npy`);
    const image = goldenPath('weave.png');
    const { code, stderr } = await perch('extract', image, '--extractor', extractor, '--out', out);
    expect(code, stderr).toBe(0);
    const golden = goldenPath(`weave.${extractor}.npy`);
    expect(await deviation(out, golden, every)).toBeLessThan(tolerance);
  });
});
