import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InspectionRegion, RegionShape } from '../../src-main/common/api/regions.ts';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { regionsAbove } from '../../src-main/common/maps/regions.ts';
import { splitBySize, type RegionSizeLimits } from '../../src-main/common/maps/split-by-size.ts';
import { largeRegions } from './large-regions.ts';
import { contourOfPart } from './map-contour.ts';
import { WholeMap } from './map-levels.ts';

const placedMaps: fc.Arbitrary<PlacedMap> = fc
  .record({ width: fc.integer({ min: 2, max: 14 }), height: fc.integer({ min: 2, max: 14 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height })
      .map((scores) => ({
        map: { values: Float32Array.from(scores), width, height },
        width: 4 * width - 2,
        height: 4 * height - 1,
        extentWidth: 4 * width,
        extentHeight: 4 * height,
      })),
  );
const regions: fc.Arbitrary<InspectionRegion | undefined> = fc.option(
  fc.record({
    include: fc.constant<RegionShape[]>([{ type: 'rectangle', left: 2, top: 3, width: 30, height: 25 }]),
    exclude: fc.constant<RegionShape[]>([]),
    border: fc.constantFrom(0, 5),
  }),
  { nil: undefined },
);
const limitsOf = (minArea: number, minLength: number): RegionSizeLimits => ({
  sizeLimits: { unit: 'px', minArea, minLength },
  edgeMargin: 0,
  mmPerPixel: null,
});
const levelsOf = (placed: PlacedMap) => ({ ...placed, map: new WholeMap(placed.map) });
const proceed = async () => {};

describe('largeRegions', () => {
  it('finds the regions that the whole map has', async () => {
    await fc.assert(
      fc.asyncProperty(placedMaps, regions, async (placed, region) => {
        const found = await largeRegions(levelsOf(placed), 6, { region }, proceed);
        expect(found.map(({ outlined }) => outlined)).toMatchObject(
          regionsAbove({ ...placed, region: region ?? null }, 6),
        );
      }),
    );
  });

  it('separates the regions below the size limits', async () => {
    await fc.assert(
      fc.asyncProperty(placedMaps, async (placed) => {
        const limits = limitsOf(40, 9);
        const found = await largeRegions(levelsOf(placed), 6, { limits }, proceed);
        const { large, small } = splitBySize(placed, 6, limits);
        const peaks = (isSmall: boolean) =>
          found.filter((each) => each.small === isSmall).map(({ outlined }) => outlined.peak);
        expect(peaks(false)).toEqual(regionsAbove(large, 6).map(({ peak }) => peak));
        expect(peaks(true)).toEqual(regionsAbove(small, 6).map(({ peak }) => peak));
      }),
    );
  });

  it('does not count regions in the edge margin', async () => {
    const scores = ['90000', '00000', '00800', '00000', '00007'].join('');
    const placed = {
      map: { values: Float32Array.from(scores, Number), width: 5, height: 5 },
      width: 20,
      height: 20,
      extentWidth: 20,
      extentHeight: 20,
    };
    const limits = { ...limitsOf(0, 0), edgeMargin: 1 };
    const found = await largeRegions(levelsOf(placed), 6, { limits }, proceed);
    expect(found.map(({ small, outlined }) => [outlined.peak, small])).toEqual([
      [8, false],
      [9, true],
      [7, true],
    ]);
    expect(found[0].outlined.box).toEqual({ x: 8, y: 8, width: 4, height: 4 });
  });

  it('stops when it may not proceed', async () => {
    const placed = { ...levelsOf(await fc.sample(placedMaps, 1)[0]) };
    const search = largeRegions(placed, 6, {}, async () => {
      throw new Error('stopped');
    });
    await expect(search).rejects.toThrow('stopped');
  });
});

describe('contourOfPart', () => {
  const whole = ({ width, height }: PlacedMap) => ({ x: 0, y: 0, width, height });

  it('is the contour of the whole map if the part is the image', async () => {
    await fc.assert(
      fc.asyncProperty(placedMaps, regions, async (placed, region) => {
        const found = await contourOfPart(levelsOf(placed), 6, 0, whole(placed), region, []);
        expect(found.path).toBe(contourPath({ ...placed, region: region ?? null }, 6));
        expect(found.smallPath).toBe('');
      }),
    );
  });

  it('draws the regions below the size limits apart', async () => {
    await fc.assert(
      fc.asyncProperty(placedMaps, async (placed) => {
        const limits = limitsOf(40, 9);
        const levels = levelsOf(placed);
        const listed = await largeRegions(levels, 6, { limits }, proceed);
        const found = await contourOfPart(levels, 6, 0, whole(placed), undefined, listed);
        const { large, small } = splitBySize(placed, 6, limits);
        expect(found.path).toBe(contourPath(large, 6));
        expect(found.smallPath).toBe(contourPath(small, 6));
      }),
    );
  });

  it('has the lines of the whole map inside a part', async () => {
    const scores = ['000000', '000000', '000900', '000000', '000000', '000000'].join('');
    const placed = {
      map: { values: Float32Array.from(scores, Number), width: 6, height: 6 },
      width: 24,
      height: 24,
      extentWidth: 24,
      extentHeight: 24,
    };
    const { path, part } = await contourOfPart(
      levelsOf(placed),
      6,
      0,
      { x: 11, y: 7, width: 6, height: 6 },
      undefined,
      [],
    );
    expect(path).toBe(contourPath(placed, 6));
    expect(part).toEqual({ x: 4, y: 0, width: 20, height: 20 });
  });
});
