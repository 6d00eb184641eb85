import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { labelRegions } from '../../common/maps/label-regions.ts';
import type { RegionSearch, RegionTotals } from '../fallback/image-score.ts';
import { mulberry32 } from '../prng.ts';
import type { ComputeBackend } from './compute-backend.ts';
import { fallbackBackend } from './fallback-backend.ts';
import { loadNativeBackend } from './native-backend.ts';
import { wasmBackend } from './wasm/wasm-backend.ts';

const native = loadNativeBackend();
const backends: [string, ComputeBackend][] = [
  ['fallback', fallbackBackend],
  ...(native ? [['native', native] as [string, ComputeBackend]] : []),
  ['WebAssembly', wasmBackend],
];

const noLimits = { minArea: 1, minLength: 0, pixelsPerColumn: 1, pixelsPerRow: 1 };

/** The regions at or above a threshold that reach the limits, by flood fill. */
function regionsOf(
  { values, width, height }: AnomalyMap,
  threshold: number,
  search: RegionSearch,
): RegionTotals {
  const above = Uint8Array.from(values, (score, at) => Number(score >= threshold && search.mask?.[at] !== 0));
  const { labels, count } = labelRegions(above, width, height);
  const regions = Array.from({ length: count }, (_, label) =>
    Array.from(labels.keys()).filter((at) => labels[at] === label + 1),
  ).filter((positions) => {
    const span = (coordinates: number[]) => Math.max(...coordinates) - Math.min(...coordinates) + 1;
    const across = span(positions.map((at) => at % width)) * search.pixelsPerColumn;
    const down = span(positions.map((at) => Math.floor(at / width))) * search.pixelsPerRow;
    return positions.length >= search.minArea && across ** 2 + down ** 2 >= search.minLength ** 2;
  });
  return { count: regions.length, area: regions.reduce((sum, { length }) => sum + length, 0) };
}

/** The image score by definition: tries every score as the threshold, from the highest. */
function naiveScore(map: AnomalyMap, search: RegionSearch): number | null {
  const thresholds = [...new Set(map.values)].sort((a, b) => Number(b > a) - Number(b < a));
  return thresholds.find((threshold) => regionsOf(map, threshold, search).count > 0) ?? null;
}

function mapOf(rows: string[]): AnomalyMap {
  const values = Float32Array.from(rows.join(''), Number);
  return { values, height: rows.length, width: rows[0].length };
}

/** Small maps with many ties, or with any scores except NaN; with or without a mask. */
const cases: fc.Arbitrary<{ map: AnomalyMap; search: RegionSearch }> = fc
  .record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ height, width }) => {
    const length = { minLength: height * width, maxLength: height * width };
    const score = fc.oneof(fc.constantFrom(-0, 0, 1, 2, 3), fc.float({ noNaN: true }));
    const values = fc.oneof(
      fc.array(fc.integer({ min: -2, max: 3 }), length),
      fc.array(score, length),
      fc.array(fc.float({ noNaN: true, min: 0, max: 1 }), length),
    );
    return fc.record({
      map: values.map((list) => ({ values: Float32Array.from(list), height, width })),
      search: fc.record(
        {
          mask: fc.array(fc.constantFrom(0, 1, 1, 255), length).map((list) => Uint8Array.from(list)),
          minArea: fc.integer({ min: 1, max: 20 }),
          minLength: fc.constantFrom(0, 3, 5, 7.5, 12),
          pixelsPerColumn: fc.constantFrom(1, 1.25, 3),
          pixelsPerRow: fc.constantFrom(1, 0.5, 4),
        },
        { requiredKeys: ['minArea', 'minLength', 'pixelsPerColumn', 'pixelsPerRow'] },
      ),
    });
  });

const runs = { numRuns: 500 };

describe.each(backends)('the image score by the %s backend', (_, backend) => {
  const scoreOf = (map: AnomalyMap, search: RegionSearch) => backend.imageScore(map, search)?.score ?? null;

  it('is the highest threshold with a region that reaches the limits', () => {
    fc.assert(
      fc.property(cases, ({ map, search }) => {
        const expected = naiveScore(map, search);
        expect(scoreOf(map, search)).toBe(expected === null ? null : expected + 0);
      }),
      runs,
    );
  });

  it('is the highest score in the mask without limits', () => {
    fc.assert(
      fc.property(cases, ({ map, search: { mask } }) => {
        const inside = map.values.filter((_score, at) => mask?.[at] !== 0);
        const expected = inside.length === 0 ? null : Math.max(...inside) + 0;
        expect(scoreOf(map, { ...noLimits, ...(mask && { mask }) })).toBe(expected);
      }),
      runs,
    );
  });

  it('does not increase when the limits increase', () => {
    const growth = fc.record({
      area: fc.integer({ min: 0, max: 9 }),
      length: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(cases, growth, ({ map, search }, { area, length }) => {
        const stricter = {
          ...search,
          minArea: search.minArea + area,
          minLength: search.minLength + length,
        };
        expect(scoreOf(map, stricter) ?? -Infinity).toBeLessThanOrEqual(scoreOf(map, search) ?? -Infinity);
        if (scoreOf(map, search) === null) expect(scoreOf(map, stricter)).toBeNull();
      }),
      runs,
    );
  });

  it('does not decrease when the mask grows', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.boolean()), ({ map, search }, added) => {
        const mask = search.mask ?? Uint8Array.from(map.values, () => Number(added.next().value));
        const larger = mask.map((inside) => (inside || added.next().value ? 1 : 0));
        const smallScore = scoreOf(map, { ...search, mask });
        const largeScore = scoreOf(map, { ...search, mask: larger });
        expect(largeScore ?? -Infinity).toBeGreaterThanOrEqual(smallScore ?? -Infinity);
        if (smallScore !== null) expect(largeScore).not.toBeNull();
      }),
      runs,
    );
  });

  it('is preserved by strictly increasing functions of the scores', () => {
    fc.assert(
      fc.property(cases, ({ map, search }) => {
        const levels = [...new Set(map.values.map((score) => score + 0))].sort((a, b) => a - b);
        const rankOf = (score: number) => levels.indexOf(score + 0) - 3;
        const ranks = { ...map, values: map.values.map(rankOf) };
        const score = scoreOf(map, search);
        expect(scoreOf(ranks, search)).toBe(score === null ? null : rankOf(score));
      }),
      runs,
    );
  });

  it('does not change when the map is mirrored or transposed', () => {
    fc.assert(
      fc.property(cases, ({ map, search }) => {
        const { height, width } = map;
        const reversed: AnomalyMap = { ...map, values: map.values.toReversed() };
        const { mask } = search;
        const reversedMask = mask && { mask: mask.toReversed() };
        expect(scoreOf(reversed, { ...search, ...reversedMask })).toBe(scoreOf(map, search));
        const source = (at: number) => (at % height) * width + Math.floor(at / height);
        const transposed: AnomalyMap = {
          values: map.values.map((_score, at) => map.values[source(at)]),
          height: width,
          width: height,
        };
        const swapped = {
          ...search,
          ...(mask && { mask: mask.map((_inside, at) => mask[source(at)]) }),
          pixelsPerColumn: search.pixelsPerRow,
          pixelsPerRow: search.pixelsPerColumn,
        };
        expect(scoreOf(transposed, swapped)).toBe(scoreOf(map, search));
      }),
      runs,
    );
  });

  it('comes with a region at that threshold that reaches the limits', () => {
    fc.assert(
      fc.property(cases, ({ map, search }) => {
        const found = backend.imageScore(map, search);
        if (found === null) return;
        const { score, region } = found;
        const above = Uint8Array.from(map.values, (value, at) =>
          Number(value >= score && search.mask?.[at] !== 0),
        );
        const { labels } = labelRegions(above, map.width, map.height);
        const label = labels[region.peakRow * map.width + region.peakColumn];
        const members = Array.from(labels.keys()).filter((at) => labels[at] === label);
        const columns = members.map((at) => at % map.width);
        const rows = members.map((at) => Math.floor(at / map.width));
        expect(label).toBeGreaterThan(0);
        expect(region).toMatchObject({
          area: members.length,
          left: Math.min(...columns),
          top: Math.min(...rows),
          columns: Math.max(...columns) - Math.min(...columns) + 1,
          rows: Math.max(...rows) - Math.min(...rows) + 1,
          peak: Math.max(...members.map((at) => map.values[at])) + 0,
        });
        expect(region.centroidColumn).toBeCloseTo(mean(columns), 9);
        expect(region.centroidRow).toBeCloseTo(mean(rows), 9);
        expect(regionsOf(map, score, search).count).toBeGreaterThan(0);
        expect(region.area).toBeGreaterThanOrEqual(search.minArea);
      }),
      runs,
    );
  });

  it('ignores a higher peak that is too small', () => {
    const map = mapOf(['9000000', '0000330', '0000540', '0000000']);
    expect(backend.imageScore(map, { ...noLimits, minArea: 3 })).toEqual({
      score: 3,
      region: {
        area: 4,
        left: 4,
        top: 1,
        columns: 2,
        rows: 2,
        peak: 5,
        peakColumn: 4,
        peakRow: 2,
        centroidColumn: 4.5,
        centroidRow: 1.5,
      },
    });
  });

  it("joins diagonal neighbors, and limits the bounding box's diagonal in pixels", () => {
    const map = mapOf(['50000', '05000', '00500', '00000', '44444']);
    expect(scoreOf(map, { ...noLimits, minArea: 3 })).toBe(5);
    const pixels = { ...noLimits, pixelsPerColumn: 4, pixelsPerRow: 3 };
    expect(scoreOf(map, { ...pixels, minLength: 15 })).toBe(5);
    expect(scoreOf(map, { ...pixels, minLength: 15.01 })).toBe(4);
    expect(scoreOf(map, { ...pixels, minLength: 1000 })).toBeNull();
  });

  it('prefers the region with the highest peak if several reach the limits at the score', () => {
    const map = mapOf(['2000002', '3000004', '2000002']);
    expect(backend.imageScore(map, { ...noLimits, minArea: 3 })).toMatchObject({
      score: 2,
      region: { area: 3, peak: 4, peakColumn: 6, peakRow: 1 },
    });
  });

  it('is null in an empty mask, and if the mask is smaller than the limit', () => {
    const map = mapOf(['123', '456']);
    expect(backend.imageScore(map, { ...noLimits, mask: new Uint8Array(6) })).toBeNull();
    const mask = Uint8Array.of(1, 1, 1, 0, 0, 0);
    expect(scoreOf(map, { ...noLimits, minArea: 3, mask })).toBe(1);
    expect(scoreOf(map, { ...noLimits, minArea: 4, mask })).toBeNull();
    expect(scoreOf(map, { ...noLimits, minArea: 6 })).toBe(1);
    expect(scoreOf(map, { ...noLimits, minArea: 7 })).toBeNull();
  });

  it('measures the number and total area of the regions at or above a threshold', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ map, search }, index) => {
        const threshold = map.values[index % map.values.length];
        expect(backend.measureRegions(map, threshold, search)).toEqual(regionsOf(map, threshold, search));
      }),
      runs,
    );
  });

  it('rejects NaN inside and outside the mask', () => {
    const map: AnomalyMap = { values: Float32Array.of(1, 2, NaN, NaN), height: 2, width: 2 };
    const search = { ...noLimits, mask: Uint8Array.of(1, 1, 0, 0) };
    const refusal = expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: 'The score of position 2 is NaN. Scores must be numbers.',
    }) as Error;
    expect(() => backend.imageScore(map, search)).toThrow(refusal);
    expect(() => backend.measureRegions(map, 1, search)).toThrow(refusal);
  });
});

describe.skipIf(!native)('the image score of large maps', () => {
  const side = 150;
  const random = mulberry32(5);
  const noise = Float32Array.from({ length: side * side }, random);
  const mask = Uint8Array.from(noise, (_, at) => Number(at % side > 4 && random() < 0.9));
  it.each([
    ['noise', noise],
    ['noise of 50 levels', noise.map((score) => Math.floor(50 * score))],
    ['a slope', noise.map((_, at) => at / 1000)],
    ['a constant', noise.map(() => 0.5)],
    ['an outlier among tiny scores', noise.map((score, at) => (at === 777 ? 1e30 : 1e-30 * score))],
    ['scores of either sign', noise.map((score) => score - 0.5)],
    ['half of the scores infinite', noise.map((score) => (score < 0.5 ? -Infinity : score))],
  ])('of %s is the same by native and fallback', (_, values) => {
    const map = { values, height: side, width: side };
    for (const minArea of [1, 9, 400, 9000, side * side]) {
      for (const limits of [{ minLength: 0 }, { minLength: 90, mask }]) {
        const search = { ...noLimits, minArea, ...limits };
        expect(native?.imageScore(map, search)).toEqual(fallbackBackend.imageScore(map, search));
      }
    }
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
