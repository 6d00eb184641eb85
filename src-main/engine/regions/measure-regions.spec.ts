import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../common/maps/npy.ts';
import { scoredPositions, type PlacedMap } from '../../common/maps/placed-map.ts';
import { regionsAbove } from '../../common/maps/regions.ts';
import { splitBySize, type RegionSizeLimits } from '../../common/maps/split-by-size.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { measureRegions } from './measure-regions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-regions-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const any: RegionSizeLimits = {
  sizeLimits: { unit: 'positions', minArea: 0, minLength: 0 },
  edgeMargin: 0,
  mmPerPixel: null,
};

async function measured(placed: PlacedMap, threshold: number, limits = any) {
  const {
    map: { values, height, width },
    ...placement
  } = placed;
  const map = join(folder, 'map.npy');
  await writeFile(map, writeNpy({ shape: [height, width], values }));
  return measureRegions({ map, placement, threshold, limits }, handlerContext());
}

/** Maps with scores of 0 and 1, and some of 2, so that regions of all shapes touch in all ways. */
const maps = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    seed: fc.integer(),
  })
  .chain(({ width, height }) =>
    fc
      .array(fc.constantFrom(0, 0, 0, 1, 1, 2), { minLength: width * height, maxLength: width * height })
      .map((values): PlacedMap => ({
        map: { width, height, values: Float32Array.from(values) },
        width: 4 * width - 1,
        height: 3 * height - 2,
        extentWidth: 4 * width,
        extentHeight: 3 * height,
        region: {
          include: [],
          exclude: [{ type: 'rectangle', left: 8, top: 6, width: 8, height: 6 }],
          border: 0,
        },
      })),
  );

describe('the regions of a map', () => {
  it('are those of the definition that satisfy the limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        maps,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 1 }),
        async (placed, minArea, edgeMargin) => {
          const limits: RegionSizeLimits = {
            ...any,
            sizeLimits: { unit: 'px', minArea, minLength: 0 },
            edgeMargin,
          };
          const { regions, smaller } = await measured(placed, 1, limits);
          const scored = scoredPositions(placed, edgeMargin);
          const values = placed.map.values.map((score, at) => (scored[at] === 1 ? score : 0));
          const inside = { ...placed, map: { ...placed.map, values } };
          const large = regionsAbove(splitBySize(inside, 1, limits).large, 1);
          const byPlace = (list: { x: number; y: number; area: number }[]) =>
            list.map(({ x, y, area }) => `${x.toFixed(6)} ${y.toFixed(6)} ${area}`).sort();
          expect(byPlace(regions.map(({ center, area }) => ({ ...center, area })))).toEqual(
            byPlace(large.map(({ centroidX, centroidY, area }) => ({ x: centroidX, y: centroidY, area }))),
          );
          expect(regions.map(({ score }) => score).sort()).toEqual(large.map(({ peak }) => peak).sort());
          expect(regions.length + smaller).toBe(regionsAbove(inside, 1).length);
          for (const { box, peak, center } of regions) {
            expect(box.left).toBeLessThanOrEqual(Math.min(peak.x, center.x));
            expect(box.top + box.height).toBeLessThanOrEqual(placed.height);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('have the box and the peak of their positions, in pixels of the image', async () => {
    const values = new Float32Array(6 * 5);
    for (const [x, y, score] of [
      [4, 1, 2],
      [5, 2, 3],
      [5, 3, 1],
    ])
      values[y * 6 + x] = score;
    const placed = {
      map: { width: 6, height: 5, values },
      width: 23,
      height: 20,
      extentWidth: 24,
      extentHeight: 20,
    };
    expect((await measured(placed, 1)).regions).toEqual([
      {
        area: 48,
        score: 3,
        peak: { x: 22, y: 10 },
        center: { x: expect.closeTo((14 / 3 + 0.5) * 4) as number, y: 10 },
        box: { left: 16, top: 4, width: 7, height: 12 },
      },
    ]);
  });

  it('may be too many to list', async () => {
    const side = 300;
    const values = Float32Array.from({ length: side * side }, (_, at) =>
      Number(at % 2 === 0 && Math.floor(at / side) % 2 === 0),
    );
    const placed = {
      map: { width: side, height: side, values },
      width: side,
      height: side,
      extentWidth: side,
      extentHeight: side,
    };
    await expect(measured(placed, 1)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('22,500') as string,
    });
  });

  it('are not measured on a damaged map', async () => {
    const map = join(folder, 'damaged.npy');
    const bytes = writeNpy({ shape: [4, 4], values: new Float32Array(16) });
    await writeFile(map, bytes.subarray(0, bytes.length - 4));
    const placement = { width: 4, height: 4, extentWidth: 4, extentHeight: 4 };
    await expect(
      measureRegions({ map, placement, threshold: 1, limits: any }, handlerContext()),
    ).rejects.toMatchObject({
      code: 'INVALID_NPY',
    });
  });
});
