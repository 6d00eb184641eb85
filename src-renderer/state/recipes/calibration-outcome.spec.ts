import { describe, expect, it } from 'vitest';
import type { ScoredImage } from '../../../src-main/common/api/recipes.ts';
import { aDefinition, aScoredImage } from '../test/recipes.ts';
import { calibrationOutcome } from './calibration-outcome.ts';

const good = (count: number): ScoredImage[] =>
  Array.from({ length: count }, (_, at) => aScoredImage({ image: at + 1, score: at + 1, label: 'good' }));
const noFalseReject = { rule: { type: 'false-rejects', rate: 0 }, source: 'all' } as const;

describe('calibrationOutcome', () => {
  it('decides by the thresholds of the draft', () => {
    const definition = aDefinition({ thresholds: { review: 2, reject: 3 } });
    const { table, rates, leftOut, images } = calibrationOutcome(good(3), definition, undefined, 'all');
    expect(table.rows[0].cells.pass.images).toEqual([1]);
    expect(table.rows[0].cells.review.images).toEqual([2]);
    expect(table.rows[0].cells.reject.images).toEqual([3]);
    expect(images.map(({ decision }) => decision)).toEqual(['pass', 'review', 'reject']);
    expect(rates?.falseRejects).toMatchObject({ count: 1, of: 3 });
    expect(leftOut).toBe(0);
  });

  it('proposes the thresholds of a rule; in the rates, decides calibration images by those of the others', () => {
    const outcome = calibrationOutcome(good(10), aDefinition(), noFalseReject, 'all');
    expect(outcome.thresholds?.reject).toBeGreaterThan(10);
    expect(outcome.table.rows[0].cells.reject.count).toBe(0);
    // Without the highest good score, the limit is below it.
    expect(outcome.rates?.falseRejects).toMatchObject({ count: 1, of: 10 });
    expect(outcome.leftOut).toBe(10);
    expect(outcome.rule).toMatchObject({ ok: true, guaranteedFalseRejects: 1 / 11 });
  });

  it('uses only the images of the source', () => {
    const images = good(4).map((image) => ({ ...image, split: image.image > 2 ? 'train' : 'test' }) as const);
    const { known, thresholds } = calibrationOutcome(
      images,
      aDefinition(),
      { ...noFalseReject, source: 'test' },
      'test',
    );
    expect(known.good).toBe(2);
    expect(thresholds?.reject).toBeCloseTo(2);
  });

  it('decides nothing without thresholds, and names images without a score', () => {
    const images = [...good(2), aScoredImage({ image: 9, score: null })];
    const outcome = calibrationOutcome(images, aDefinition(), undefined, 'all');
    expect(outcome).toMatchObject({ thresholds: null, rates: null, withoutScore: 1 });
    expect(outcome.table.undecided).toEqual([1, 2, 9]);
    const unknown = calibrationOutcome([], aDefinition(), noFalseReject, 'all');
    expect(unknown).toMatchObject({ thresholds: null, rule: { ok: false } });
  });

  it('ignores region limits until regions are measured', () => {
    const definition = aDefinition({
      thresholds: { review: 1, reject: 9 },
      regionLimits: { maxCount: 1, maxTotalArea: null },
    });
    const [image] = good(1);
    const decisionOf = (measured: ScoredImage) =>
      calibrationOutcome([measured], definition, undefined, 'all').images[0].decision;
    expect(decisionOf(image)).toBe('review');
    expect(decisionOf({ ...image, regions: { count: 2, area: 8 } })).toBe('reject');
  });
});
