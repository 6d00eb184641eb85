import fc from 'fast-check';
import type { GradingRule, PointsRule } from '../api/grading.ts';
import { shippedRules } from './shipped-rules.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** A shipped rule by its name. */
export function shippedRule(name: string): GradingRule {
  const rule = shippedRules.find((candidate) => candidate.name === name);
  if (!rule) throw new Error(`No rule ${name}`);
  return rule;
}

/** All shipped rules that give points. */
export const pointsRules = shippedRules.filter((rule): rule is PointsRule => rule.system === 'points');

/** A defect of 1 x 1 mm at the start of the roll, without kind and verdict. */
export function fakeDefect(part: Partial<GradedDefect> = {}): GradedDefect {
  return {
    id: '0,0',
    from: 0,
    to: 1,
    left: 500,
    right: 501,
    area: 1,
    kind: '',
    verdict: null,
    repeat: null,
    corrected: null,
    ...part,
  };
}

/** Rolls of 2 to 60 m x 0.2 to 3 m. */
export const anyRoll: fc.Arbitrary<GradedRoll> = fc.record({
  length: fc.integer({ min: 2000, max: 60_000 }),
  width: fc.integer({ min: 200, max: 3000 }),
});

/** Up to 40 defects of a roll: many short ones, some that run along it or across it. */
export function anyDefects(roll: GradedRoll): fc.Arbitrary<GradedDefect[]> {
  const extent = (longest: number) =>
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: Math.ceil(longest) }));
  const defect = fc
    .record({
      from: fc.integer({ min: 0, max: roll.length - 1 }),
      left: fc.integer({ min: 0, max: roll.width - 1 }),
      along: extent(roll.length),
      across: extent(roll.width),
      kind: fc.constantFrom('', 'hole', 'stain'),
      verdict: fc.constantFrom(null, 'accept' as const, 'reject' as const, 'unsure' as const),
      corrected: fc.option(
        fc.record({ points: fc.integer({ min: 0, max: 12 }), reason: fc.constant('seen') }),
        {
          freq: 6,
        },
      ),
    })
    .map(({ along, across, ...rest }) => {
      const to = Math.min(roll.length, rest.from + along);
      const right = Math.min(roll.width, rest.left + across);
      return fakeDefect({ ...rest, to, right, area: (to - rest.from) * (right - rest.left) });
    });
  return fc
    .array(defect, { maxLength: 40 })
    .map((defects) => defects.map((each, index) => ({ ...each, id: String(index) })));
}

/** A roll with its defects. */
export const anyGradedRoll = anyRoll.chain((roll) => fc.tuple(fc.constant(roll), anyDefects(roll)));
