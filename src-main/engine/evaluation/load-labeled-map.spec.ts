import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMaskPng } from '../../common/maps/mask-png.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { scoreAt } from '../../common/maps/resize.ts';
import { loadLabeledMap } from './load-labeled-map.ts';

const size = { width: 9001, height: 8003 };
const STEP = 4;
let folder: string;
const map = {
  values: Float32Array.from({ length: 40 * 50 }, (_, at) => (at * 7919) % 1009),
  width: 50,
  height: 40,
};
const extents = { ...size, extentWidth: size.width, extentHeight: size.height };
const placed = { map, ...extents };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-labeled-'));
  await writeFile(join(folder, 'map.npy'), writeNpy({ shape: [40, 50], values: map.values }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(rows: [y: number, from: number, to: number][], ignoreBorder = 0, region = {}) {
  const runs = Float64Array.from(
    rows.flatMap(([y, from, to]) => [y * size.width + from, y * size.width + to]),
  );
  await writeFile(join(folder, 'mask.png'), await encodeMaskPng(runs, size));
  const file = { map: join(folder, 'map.npy'), mask: join(folder, 'mask.png'), ...extents, ...region };
  return loadLabeledMap(file, ignoreBorder);
}

describe('the labeled map of an image of more than 67 megapixels', () => {
  it('has one pixel of every 4 x 4, with its score and ground truth', async () => {
    const { scores, groundTruth, width, height } = await load([
      [2, 2, 3],
      [2, 10, 15],
      [3, 0, 9000],
      [4002, 9000, 9001],
      [8002, 0, 7],
    ]);
    expect({ width, height }).toEqual({ width: 2251, height: 2001 });
    const marked = [...groundTruth.keys()].filter((at) => groundTruth[at] === 1);
    expect(marked.map((at) => [at % width, Math.floor(at / width)])).toEqual([
      [0, 0],
      [2, 0],
      [3, 0],
      [2250, 1000],
      [0, 2000],
      [1, 2000],
    ]);
    for (const [x, y] of [
      [3, 4],
      [700, 1500],
      [2249, 1999],
    ]) {
      const at = (offset: number) => scoreAt(placed, STEP * x + offset, STEP * y + offset);
      expect(scores[y * width + x]).toBeGreaterThanOrEqual(Math.min(at(1), at(2)) - 1);
      expect(scores[y * width + x]).toBeLessThanOrEqual(Math.max(at(1), at(2)) + 1);
    }
  });

  it('is that of a defective image even if the samples miss its defects', async () => {
    expect(await load([[1, 5, 6]])).toMatchObject({ isDefective: true, isImageOnly: true, imageScore: 1008 });
    expect(await load([])).toMatchObject({ isDefective: false, isImageOnly: false });
  });

  it('has no border and nothing outside the inspection region', async () => {
    const left = { type: 'rectangle' as const, left: 0, top: 0, width: 4500, height: 8003 };
    const region = { region: { include: [left], exclude: [], border: 0 } };
    const { inside, width, height } = await load([], 10, region);
    expect({ width, height }).toEqual({ width: 2251 - 6, height: 2001 - 6 });
    expect(inside?.reduce((sum, is) => sum + is, 0)).toBe((4500 / STEP - 3) * (2001 - 6));
  });

  it('refuses a mask of another size or kind', async () => {
    const file = { map: join(folder, 'map.npy'), mask: join(folder, 'mask.png'), ...extents };
    await writeFile(file.mask, await encodeMaskPng(new Float64Array(), { width: 10, height: 10 }));
    await expect(loadLabeledMap(file, 0)).rejects.toMatchObject({
      code: 'INVALID_MASK',
      message: expect.stringMatching(/mask\.png.*10 x 10/),
    });
    await writeFile(file.mask, 'no image');
    await expect(loadLabeledMap(file, 0)).rejects.toMatchObject({ code: 'INVALID_MASK' });
  });
});
