import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointsRule } from '../api/grading.ts';
import { proposeCuts } from './cut-proposals.ts';
import { gradeRoll } from './grade-roll.ts';
import { fakeDefect, shippedRule } from './grading.fake.ts';

const YARD = 914.4;
const rule = shippedRule('four-point') as PointsRule;

function stretchesOf(points: readonly number[]) {
  return points.map((each, index) => ({
    from: index * YARD,
    to: (index + 1) * YARD,
    points: each,
    uncapped: each,
    defects: [],
  }));
}

/** First and last stretch of each proposal. */
function cutsOf(points: readonly number[], cuts: PointsRule['cuts'] = { stretch: '3 yd', over: 5 }) {
  return proposeCuts({ ...rule, cuts }, stretchesOf(points)).map(({ from, to }) => [
    Math.round(from / YARD),
    Math.round(to / YARD) - 1,
  ]);
}

describe('cut proposals', () => {
  it('are none without a limit, or below it', () => {
    expect(cutsOf([4, 4, 4], null)).toEqual([]);
    expect(cutsOf([4, 1, 0, 4, 1])).toEqual([]);
  });

  it('take the shortest stretch that exceeds the limit', () => {
    expect(cutsOf([1, 0, 0, 3, 3, 0, 1])).toEqual([[3, 4]]);
  });

  it('leave sparse points next to a dense stretch', () => {
    expect(cutsOf([0, 1, 4, 4, 1, 0, 1])).toEqual([[2, 3]]);
  });

  it('take a whole running defect', () => {
    expect(cutsOf([0, 4, 4, 4, 4, 4, 0])).toEqual([[1, 5]]);
  });

  it('name their points and the limit', () => {
    expect(proposeCuts({ ...rule, cuts: { stretch: '3 yd', over: 5 } }, stretchesOf([0, 4, 4]))).toEqual([
      { from: YARD, to: 3 * YARD, points: 8, why: '8 points in 2 yd; the limit is 5 in 3 yd.' },
    ]);
  });

  it('leave no stretch that exceeds the limit, and take none without points at its ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 20 }),
        (points, longest, over) => {
          const cuts = cutsOf(points, { stretch: `${longest} yd`, over });
          const isCut = points.map((_, index) =>
            cuts.some(([first, last]) => index >= first && index <= last),
          );
          for (let first = 0; first < points.length; first++) {
            let sum = 0;
            for (let last = first; last < points.length && last < first + longest && !isCut[last]; last++) {
              sum += points[last];
            }
            expect(sum).toBeLessThanOrEqual(over);
          }
          for (const [first, last] of cuts) {
            expect(points[first]).toBeGreaterThan(0);
            expect(points[last]).toBeGreaterThan(0);
            expect(points.slice(first, last + 1).reduce((a, b) => a + b)).toBeGreaterThan(over);
          }
        },
      ),
    );
  });
});

describe('the grade after cuts', () => {
  it('is that of the rest of the roll', () => {
    const roll = { length: 100 * YARD, width: 914.4 };
    const running = fakeDefect({ from: 20 * YARD, to: 32 * YARD });
    const grade = gradeRoll({ ...shippedRule('four-point-20') }, roll, [
      running,
      fakeDefect({ from: 50 * YARD, to: 50 * YARD + 5 }),
    ]);
    expect(grade).toMatchObject({ totalPoints: 49, grade: 'second', pass: false });
    expect(grade.cuts).toHaveLength(1);
    expect(grade.cuts[0]).toMatchObject({
      from: expect.closeTo(20 * YARD, 6),
      to: expect.closeTo(32 * YARD, 6),
      points: 48,
    });
    expect(grade.afterCuts).toEqual({
      length: expect.closeTo(88 * YARD, 6),
      points: 1,
      value: expect.closeTo(100 / 88, 9),
      grade: 'first',
      pass: true,
    });
  });

  it('is null if nothing is left', () => {
    const roll = { length: 12 * YARD, width: 914.4 };
    expect(gradeRoll(rule, roll, [fakeDefect({ to: 12 * YARD })]).afterCuts).toBeNull();
  });
});
