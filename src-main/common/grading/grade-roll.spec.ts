import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capAt } from './grade-by-points.ts';
import { gradeRoll } from './grade-roll.ts';
import { anyGradedRoll, fakeDefect, pointsRules, shippedRule } from './grading.fake.ts';
import { unitLength } from './lengths.ts';

const roll = { length: 91_440, width: 1524 };

describe.each(pointsRules)('the grade of a roll by $name', (rule) => {
  const unit = unitLength(rule.unit);

  it('has the points of its stretches, each at most the cap, for every defect order', () => {
    fc.assert(
      fc.property(anyGradedRoll, ([size, defects]) => {
        const grade = gradeRoll(rule, size, defects);
        expect(grade.stretches).toHaveLength(Math.ceil(size.length / unit));
        expect(grade.totalPoints).toBe(grade.stretches.reduce((sum, { points }) => sum + points, 0));
        for (const { points, uncapped } of grade.stretches) {
          expect(points).toBe(Math.min(uncapped, capAt(rule, size.width)));
        }
        const uncapped = grade.stretches.reduce((sum, stretch) => sum + stretch.uncapped, 0);
        expect(uncapped).toBe(grade.defects.reduce((sum, { points }) => sum + points, 0));
        const reversed = gradeRoll(rule, size, [...defects].reverse());
        expect(reversed.totalPoints).toBe(grade.totalPoints);
        expect(reversed.grade).toBe(grade.grade);
      }),
    );
  });

  it('never gets better by another defect', () => {
    fc.assert(
      fc.property(anyGradedRoll, ([size, defects]) => {
        const all = gradeRoll(rule, size, defects);
        const fewer = gradeRoll(rule, size, defects.slice(1));
        expect(all.totalPoints).toBeGreaterThanOrEqual(fewer.totalPoints);
        if (all.pass) expect(fewer.pass).toBe(true);
      }),
    );
  });

  it('counts no defect that is neither counted nor corrected', () => {
    fc.assert(
      fc.property(anyGradedRoll, ([size, defects]) => {
        const counted = defects.map((defect) => ({ ...defect, verdict: 'accept' as const, corrected: null }));
        const grade = gradeRoll(rule, size, counted);
        expect(grade.totalPoints).toBe(0);
        expect(grade.defects.every((defect) => !defect.counted && defect.why !== '')).toBe(true);
      }),
    );
  });
});

describe('a defect at the border of a class', () => {
  it('has the same points from inches, millimeters, pixels and resolutions', () => {
    const rule = shippedRule('four-point');
    const lengths = [3, 6, 9].flatMap((inches) => [
      inches * 25.4,
      inches / (1 / 25.4),
      (inches * 254 * 25.4) / 254,
      inches * 254 * 0.1,
      inches * 300 * (10 / 118.11),
      Math.fround(inches * 25.4),
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom(...lengths),
        fc.double({ min: 0, max: 80_000, noNaN: true }),
        (length, from) => {
          const { defects } = gradeRoll(rule, roll, [fakeDefect({ from, to: from + length })]);
          expect(defects[0].points).toBe(Math.round(length / 76.2));
        },
      ),
    );
  });

  it('has the points of the next class a hundredth of an inch above it', () => {
    const points = [3, 6, 9].map(
      (inches) =>
        gradeRoll(shippedRule('four-point'), roll, [fakeDefect({ to: (inches + 0.01) * 25.4 })]).totalPoints,
    );
    expect(points).toEqual([2, 3, 4]);
  });
});

describe('a correction', () => {
  const defect = fakeDefect({ to: 300 });

  it('replaces the points of the rule and keeps them', () => {
    const { defects, totalPoints } = gradeRoll(shippedRule('four-point'), roll, [
      { ...defect, corrected: { points: 1, reason: 'only a slub' } },
    ]);
    expect(totalPoints).toBe(1);
    expect(defects[0]).toMatchObject({
      points: 1,
      byRule: 4,
      corrected: true,
      why: 'Corrected from 4 to 1: only a slub',
    });
  });

  it('counts where the rule does not count the defect', () => {
    const grade = gradeRoll(shippedRule('four-point'), roll, [
      { ...defect, verdict: 'accept', corrected: { points: 2, reason: 'visible after dyeing' } },
    ]);
    expect(grade.totalPoints).toBe(2);
    expect(grade.defects[0]).toMatchObject({ counted: true, byRule: 0 });
  });

  it('does not exceed the cap of the stretch', () => {
    const grade = gradeRoll(shippedRule('four-point'), roll, [
      { ...defect, corrected: { points: 9, reason: 'severe' } },
    ]);
    expect(grade.totalPoints).toBe(4);
    expect(grade.stretches[0].uncapped).toBe(9);
  });

  it('fills the yards of a running defect from the first', () => {
    const grade = gradeRoll(shippedRule('four-point'), roll, [
      fakeDefect({ to: 3 * 914.4, corrected: { points: 6, reason: 'faint' } }),
    ]);
    expect(grade.stretches.slice(0, 4).map(({ points }) => points)).toEqual([4, 2, 0, 0]);
  });

  it('to 0 takes a running defect out of the rejects', () => {
    const running = fakeDefect({ to: 20 * 914.4 });
    const rule = shippedRule('four-point-20');
    const long = { ...roll, length: 914_400 };
    expect(gradeRoll(rule, long, [running]).pass).toBe(false);
    expect(gradeRoll(rule, long, [{ ...running, corrected: { points: 0, reason: 'a crease' } }]).pass).toBe(
      true,
    );
  });
});

describe('the reasons of a grade', () => {
  it('are the figure with its limit, and what rejects the roll', () => {
    const { reasons, figure } = gradeRoll(shippedRule('four-point-20'), roll, [
      fakeDefect({ to: 12 * 914.4 }),
    ]);
    expect(reasons).toEqual([
      '28.8 points per 100 sq yd, limit 20.',
      'Rejected: a running defect of 12 yd, over 10 yd.',
    ]);
    expect(figure).toEqual({ value: expect.closeTo(28.8, 6), unit: 'points per 100 sq yd', limit: 20 });
  });

  it('show a value that rounds to its limit with more decimals', () => {
    const length = 91_440 * 0.999_95;
    const defects = Array.from({ length: 10 }, (_, index) =>
      fakeDefect({ from: index * 9000, to: index * 9000 + 300 }),
    );
    const grade = gradeRoll(shippedRule('four-point'), { length, width: 914.4 }, defects);
    expect(grade.pass).toBe(false);
    expect(grade.reasons[0]).toBe('40.002 points per 100 sq yd, limit 40.');
  });
});

it.each([
  ['four-point', 'hole, 0.04 in: up to 1 in.', '15.75 in: over 9 in.'],
  ['four-point-metric', 'hole, 1 mm: up to 25 mm.', '400 mm: over 230 mm.'],
  ['four-point-28', 'hole, 0.04 in: any length.', '15.75 in: over 9 in.'],
  ['leather-usable', 'It takes 0.01 % of the area.', 'It takes 4 % of the area.'],
])('%s says why each defect has its points', (name, hole, long) => {
  const small = { length: 100, width: 100 };
  const size = name === 'leather-usable' ? small : roll;
  const defects = [
    fakeDefect({ kind: 'hole', left: 50, right: 51 }),
    fakeDefect({
      to: name === 'leather-usable' ? 20 : 400,
      left: 50,
      right: name === 'leather-usable' ? 70 : 51,
    }),
    fakeDefect({ verdict: 'accept' }),
  ];
  const whys = gradeRoll(shippedRule(name), size, defects).defects.map(({ why }) => why);
  expect(whys).toEqual([hole, long, 'Not counted: the verdict is accept.']);
});

it('says that a running defect has points in each yard', () => {
  const [{ why, byRule }] = gradeRoll(shippedRule('four-point'), roll, [
    fakeDefect({ to: 3 * 914.4 }),
  ]).defects;
  expect(why).toBe('3 yd: over 9 in; a running defect, 4 in each of 3 yd.');
  expect(byRule).toBe(12);
});
