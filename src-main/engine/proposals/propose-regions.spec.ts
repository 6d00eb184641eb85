import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Crop } from '../../common/geometry.ts';
import { mulberry32 } from '../../methods/prng.ts';
import { proposeRegions } from './propose-regions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-proposals-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function propose(
  name: string,
  { width, height }: { width: number; height: number },
  pixel: (x: number, y: number) => number,
) {
  const path = join(folder, name);
  const values = Uint8Array.from({ length: width * height }, (_, at) =>
    pixel(at % width, Math.floor(at / width)),
  );
  await sharp(values, { raw: { width, height, channels: 1 } }).toFile(path);
  const { proposals } = await proposeRegions({ path, width, height, maxPixels: 1e7 });
  return proposals;
}

const random = mulberry32(2);
const weave = (x: number, y: number) => 120 + 40 * Math.sin(1.3 * x) * Math.sin(1.1 * y) + 10 * random();

it('proposes the extent of the fabric on a horizontal or vertical strip', async () => {
  const lying = await propose('lying.png', { width: 1200, height: 64 }, (x, y) =>
    x < 240 ? 5 : weave(x, y),
  );
  expect(lying).toMatchObject([{ title: 'Extent of the fabric' }]);
  const [shape] = lying[0].region.include;
  expect(shape).toMatchObject({ type: 'rectangle', top: 0, height: 64 });
  const { left, width } = shape as Crop;
  expect([left, left + width]).toEqual([240, 1200]);
  const standing = await propose('standing.png', { width: 64, height: 1200 }, (x, y) =>
    y < 240 ? 5 : weave(x, y),
  );
  expect(standing[0].region.include).toEqual([
    { type: 'rectangle', left: 0, top: 240, width: 64, height: 960 },
  ]);
});

it('proposes the outline of a piece in image pixels, for any image size', async () => {
  const size = { width: 2600, height: 1800 };
  const proposals = await propose('piece.png', size, (x, y) =>
    x < 200 || y < 120 || x >= 2500 || y >= 1700 ? 10 : 140,
  );
  expect(proposals).toMatchObject([{ title: 'Outline of the piece' }]);
  const { left, top, width, height } = proposals[0].region.include[0] as Crop;
  for (const [edge, border] of [
    [left, 200],
    [top, 120],
    [2600 - left - width, 100],
    [1800 - top - height, 100],
  ]) {
    expect(edge).toBeGreaterThanOrEqual(border);
    expect(edge).toBeLessThanOrEqual(border + 12);
  }
});

it('proposes nothing if the image shows only the piece or the fabric', async () => {
  expect(await propose('fabric.png', { width: 300, height: 200 }, weave)).toEqual([]);
  expect(await propose('strip.png', { width: 900, height: 64 }, weave)).toEqual([]);
});
