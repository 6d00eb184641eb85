import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../src-main/common/api/evaluation.ts';
import { cellKey, metricTable, signedPercent } from './comparison-table.ts';

const metrics = (auPro: number | null): Metrics => ({
  auroc: null,
  auPro,
  averagePrecision: null,
  f1Max: null,
  f1MaxThreshold: null,
  imageAuroc: null,
  meanRegionOverlap: null,
  images: 1,
  anomalousImages: 1,
  regions: 1,
  missing: 0,
  imagesWithoutMask: 0,
  notes: [],
  secondsPerImage: null,
});

const cells = (table: Record<string, Record<number, number | null>>) =>
  new Map(
    Object.entries(table).flatMap(([textureClass, row]) =>
      Object.entries(row).map(([method, auPro]) => [cellKey(textureClass, Number(method)), metrics(auPro)]),
    ),
  );

describe('metricTable', () => {
  it('marks the best of each row, and both if two look equal', () => {
    const known = cells({ carpet: { 1: 0.9612, 2: 0.9608, 3: 0.5 }, wood: { 1: 0.2, 2: 0.3, 3: 0.1 } });
    const [carpet, wood, mean] = metricTable(['carpet', 'wood'], [1, 2, 3], known, 'auPro', undefined);
    expect(carpet.entries.map(({ best }) => best)).toEqual([true, true, false]);
    expect(wood.entries.map(({ best }) => best)).toEqual([false, true, false]);
    expect(mean.entries.map(({ best }) => best)).toEqual([false, true, false]);
    expect(mean.mean).toBe(true);
  });

  it('marks no best if there is only one value', () => {
    const [carpet] = metricTable(
      ['carpet'],
      [1, 2],
      cells({ carpet: { 1: 0.9, 2: null } }),
      'auPro',
      undefined,
    );
    expect(carpet.entries.map(({ best }) => best)).toEqual([false, false]);
  });

  it('shows the difference to the base, except for the base itself and unknown values', () => {
    const known = cells({ carpet: { 1: 0.9, 2: 0.8, 3: null } });
    const [{ entries }] = metricTable(['carpet'], [1, 2, 3], known, 'auPro', 1);
    expect(entries[0].difference).toBeUndefined();
    expect(entries[1].difference).toBeCloseTo(-0.1);
    expect(entries[2].difference).toBeUndefined();
  });

  it('has a mean only for methods with a value for every class', () => {
    const known = cells({ carpet: { 1: 0.9, 2: 0.8 }, wood: { 1: 0.7 } });
    const mean = metricTable(['carpet', 'wood'], [1, 2], known, 'auPro', undefined)[2];
    expect(mean.entries[0].value).toBeCloseTo(0.8);
    expect(mean.entries[1].value).toBeUndefined();
  });

  it('omits a class from the mean if no method has a value for it', () => {
    const known = cells({ carpet: { 1: 0.9 }, felt: { 1: null } });
    expect(metricTable(['carpet', 'felt'], [1], known, 'auPro', undefined)[2].entries[0].value).toBe(0.9);
    const pending = metricTable(['carpet', 'felt', 'wood'], [1], known, 'auPro', undefined)[3];
    expect(pending.entries[0].value).toBeUndefined();
  });

  it('has a difference of means that equals the mean of the differences', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 8 }), (pairs) => {
        const classes = pairs.map((_, index) => `class ${index}`);
        const known = cells(
          Object.fromEntries(
            pairs.map(([first, second], index) => [classes[index], { 1: first, 2: second }]),
          ),
        );
        const rows = metricTable(classes, [1, 2], known, 'auPro', 1);
        const differences = rows.map(({ entries }) => entries[1].difference ?? NaN);
        const last = differences.pop() ?? NaN;
        expect(last).toBeCloseTo(differences.reduce((sum, next) => sum + next, 0) / classes.length, 10);
      }),
    );
  });
});

it('shows the sign of a difference', () => {
  expect([0.012, -0.012, 0.0001, -0.0001].map(signedPercent)).toEqual(['+1.2', '−1.2', '±0.0', '±0.0']);
});
