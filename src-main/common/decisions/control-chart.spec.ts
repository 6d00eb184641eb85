import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianPrng } from '../../methods/prng.ts';
import { conformalLimit } from './conformal-limit.ts';
import { controlAlarms, type ChartPoint } from './control-chart.ts';
import { exceedanceTail } from './exceedance.ts';
import { scoreRange } from './known-scores.ts';

/** The tail, by enumerating every order of the reference and the later numbers. */
function tailByDefinition(exceeding: number, later: number, rank: number, reference: number): number {
  let [all, wanted] = [0, 0];
  const visit = (order: boolean[], references: number) => {
    if (order.length === reference + later) {
      if (references !== reference) return;
      const limit = order.flatMap((isReference, at) => (isReference ? [at] : []))[rank - 1];
      const above = order.filter((isReference, at) => !isReference && at > limit).length;
      all++;
      if (above >= exceeding) wanted++;
      return;
    }
    visit([...order, true], references + 1);
    visit([...order, false], references);
  };
  visit([], 0);
  return wanted / all;
}

describe('the exceedance distribution', () => {
  it('is the fraction of the orders in which that many later numbers exceed the reference', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 6 }),
        (reference, later, rank, exceeding) => {
          fc.pre(rank <= reference);
          expect(exceedanceTail(exceeding, later, { rank, reference })).toBeCloseTo(
            tailByDefinition(exceeding, later, rank, reference),
            10,
          );
        },
      ),
    );
  });

  it('has the conformal guarantee for one later image', () => {
    for (const reference of [1, 10, 200])
      expect(exceedanceTail(1, 1, { rank: reference, reference })).toBeCloseTo(1 / (reference + 1), 10);
  });
});

function calibration(good: readonly number[]) {
  const limit = conformalLimit(good, 0);
  return {
    record: {
      rule: { type: 'false-rejects', rate: 0 },
      source: 'all',
      good: good.length,
      defective: 0,
      guaranteedFalseRejects: limit?.guaranteedFalseRejects ?? null,
      goodScores: scoreRange(good),
      imagesSha256: '',
    } as const,
    pointsOf: (scores: readonly number[]): ChartPoint[] =>
      scores.map((score, image) => ({
        image,
        score,
        decision: score >= (limit?.reject ?? Infinity) ? 'reject' : 'pass',
      })),
  };
}

/** 30 good images with scores 1 to 30. */
const { record, pointsOf } = calibration(Array.from({ length: 30 }, (_, at) => at + 1));
const alternating = (count: number) => Array.from({ length: count }, (_, at) => (at % 2 ? 10 : 20));

describe('the alarms of a control chart', () => {
  it('are silent while images score like the good ones, and after a single outlier', () => {
    expect(controlAlarms(pointsOf(alternating(100)), record)).toEqual([]);
    expect(controlAlarms(pointsOf([...alternating(60), 1000]), record)).toEqual([]);
    expect(controlAlarms([], record)).toEqual([]);
  });

  it('name images that score higher than all good ones, and rejected images', () => {
    const alarms = controlAlarms(pointsOf([...alternating(60), 40, 41, 42, 43]), record);
    expect(alarms).toEqual([
      { message: '4 of the last 5 images score higher than all good images.', images: [60, 61, 62, 63] },
      {
        message: '4 of the last 5 images are rejected; good images explain 3.2 % on average.',
        images: [60, 61, 62, 63],
      },
    ]);
  });

  it('name images that score lower than all good ones, as with a covered lens', () => {
    const alarms = controlAlarms(pointsOf([...alternating(60), 0, 0, 0, 0]), record);
    expect(alarms).toEqual([
      { message: '4 of the last 5 images score lower than all good images.', images: [60, 61, 62, 63] },
    ]);
  });

  it.each([
    [22, 'above'],
    [8, 'below'],
  ])('name a run of images at %d, %s the median and within the range', (score, side) => {
    const run = Array<number>(25).fill(score);
    const [alarm, ...others] = controlAlarms(pointsOf([...alternating(60), ...run]), record);
    expect(others).toEqual([]);
    expect(alarm.message).toBe(`25 of the last 25 images score ${side} the median of the good images.`);
    expect(alarm.images).toHaveLength(25);
  });

  it('end when images score like the good ones again', () => {
    const scores = [...Array<number>(60).fill(40), ...alternating(60)];
    expect(controlAlarms(pointsOf(scores), record)).toEqual([]);
  });

  it('need more images if few good ones are labeled', () => {
    const few = calibration([1, 2, 3]);
    expect(controlAlarms(few.pointsOf(Array<number>(5).fill(4)), few.record)).toEqual([]);
    expect(controlAlarms(few.pointsOf(Array<number>(50).fill(4)), few.record)).not.toEqual([]);
    expect(controlAlarms(pointsOf([40]), { ...record, good: 0, goodScores: null })).toEqual([]);
  });

  it('are rarely false, and soon detect a shift by two standard deviations', () => {
    const alarmed = (shift: number, length: number) => {
      const normal = gaussianPrng(3);
      let count = 0;
      for (let trial = 0; trial < 200; trial++) {
        const each = calibration(Array.from({ length: 20 }, normal));
        const points = each.pointsOf(Array.from({ length }, () => shift + normal()));
        if (controlAlarms(points, each.record).length > 0) count++;
      }
      return count / 200;
    };
    expect(alarmed(0, 50)).toBeLessThan(0.03);
    expect(alarmed(2, 25)).toBeGreaterThan(0.9);
  });
});
