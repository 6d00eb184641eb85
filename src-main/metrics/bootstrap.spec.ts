import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimateCurve } from '../common/charts/decimate-curve.ts';
import { fallbackBackend } from '../methods/backend/fallback-backend.ts';
import { mulberry32 } from '../methods/prng.ts';
import { WeightedMetrics } from './bootstrap.ts';
import type { LabeledMap } from './labeled-map.ts';
import { MetricAccumulator } from './metric-accumulator.ts';
import { binImage, ScoreBins } from './score-bins.ts';

const SIDE = 6;
const LIMIT = 0.3;

const labeledMap = fc.record({
  scores: fc
    .array(fc.integer({ min: -9, max: 9 }), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE })
    .map((values) => Float32Array.from(values)),
  groundTruth: fc
    .array(fc.nat({ max: 4 }), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE })
    .map((values) => Uint8Array.from(values, (value) => (value === 0 ? 1 : 0))),
  inside: fc.option(
    fc
      .array(fc.constantFrom(0, 1, 1), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE })
      .map((values) => Uint8Array.from(values.with(0, 1))),
    { nil: undefined },
  ),
});
const classOfMaps = fc
  .array(
    labeledMap.map(({ inside, ...map }): LabeledMap => ({
      ...map,
      ...(inside && { inside }),
      width: SIDE,
      height: SIDE,
    })),
    { minLength: 1, maxLength: 4 },
  )
  .map((maps): LabeledMap[] => [...maps, { ...maps[0], groundTruth: new Uint8Array(SIDE * SIDE) }]);

async function exact(maps: readonly LabeledMap[]) {
  const accumulator = new MetricAccumulator(fallbackBackend.createThresholdSweep());
  for (const map of maps) accumulator.add(map);
  return accumulator.metrics(LIMIT, { threads: 1 });
}

function weighted(maps: readonly LabeledMap[], thresholds: Iterable<number>) {
  const bins = new ScoreBins(thresholds);
  return new WeightedMetrics(
    maps.map((map) => binImage(map, bins)),
    bins,
    LIMIT,
  );
}

const allScores = (maps: readonly LabeledMap[]) => maps.flatMap(({ scores }) => [...scores]);

describe('score bins', () => {
  it('hold the scores that reach their threshold but not the next higher one', () => {
    const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.float({ noNaN: true, noDefaultInfinity: true }), (thresholds, other) => {
        const bins = new ScoreBins(thresholds);
        for (const score of [...thresholds, other])
          expect(bins.binOf(score)).toBe(
            [...bins.thresholds].filter((threshold) => threshold > score).length,
          );
      }),
    );
  });
});

describe('metrics of weighted images', () => {
  it('are those of a class in which each image occurs as often as its weight', async () => {
    await fc.assert(
      fc.asyncProperty(
        classOfMaps,
        fc.array(fc.nat({ max: 3 }), { minLength: 5, maxLength: 5 }),
        async (maps, weights) => {
          const used: number[] = maps.map((_, at) => weights[at]);
          if (!used.some((weight) => weight > 0)) used[0] = 1;
          const metrics = weighted(maps, allScores(maps)).metrics(used);
          const { metrics: expected } = await exact(
            maps.flatMap((map, at) => new Array<LabeledMap>(used[at]).fill(map)),
          );
          for (const name of ['auPro', 'auroc', 'f1Max', 'imageAuroc'] as const) {
            const value = expected[name];
            if (value === null) expect(metrics[name]).toBeNull();
            else expect(metrics[name]).toBeCloseTo(value, 10);
          }
        },
      ),
    );
  });

  it('deviate little with the thresholds of decimated curves', async () => {
    const uniform = mulberry32(7);
    const side = 64;
    const maps = Array.from({ length: 6 }, (_, image): LabeledMap => {
      const groundTruth = new Uint8Array(side * side);
      if (image > 1)
        for (let at = 0; at < 8; at++) groundTruth.fill(1, (20 + at) * side + 9, (20 + at) * side + 25);
      const scores = Float32Array.from(groundTruth, (marked) => uniform() + marked * uniform());
      return { scores, groundTruth, width: side, height: side };
    });
    const { metrics: expected, curves } = await exact(maps);
    const { roc, pro, pr } = curves();
    const some = [
      ...[roc, pro, pr].flatMap((curve) => decimateCurve(curve, 60).threshold),
      expected.f1MaxThreshold as number,
    ];
    expect(some.length).toBeLessThan(400);
    const metrics = weighted(maps, some).metrics([1, 1, 1, 1, 1, 1]);
    for (const name of ['auPro', 'auroc', 'f1Max', 'imageAuroc'] as const)
      expect(Math.abs((metrics[name] ?? NaN) - (expected[name] ?? NaN))).toBeLessThan(0.002);
  });
});

describe('a bootstrap resample', () => {
  it('has as many normal and as many defective images as the class, and depends only on the seed', () => {
    const map = { scores: new Float32Array(4), groundTruth: new Uint8Array(4), width: 2, height: 2 };
    const maps = [true, false, true, false, false].map((isDefective) => ({ ...map, isDefective }));
    const metrics = weighted(maps, [0]);
    const uniform = mulberry32(1);
    const drawn = Array.from({ length: 20 }, () => [...metrics.drawWeights(uniform)]);
    for (const weights of drawn) {
      expect(weights[0] + weights[2]).toBe(2);
      expect(weights[1] + weights[3] + weights[4]).toBe(3);
    }
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(3);
    const again = mulberry32(1);
    expect(drawn).toEqual(Array.from({ length: 20 }, () => [...metrics.drawWeights(again)]));
  });
});
