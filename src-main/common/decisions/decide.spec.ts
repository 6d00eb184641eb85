import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { reasonText } from './reason-text.ts';

const none = { maxCount: null, maxTotalArea: null };
const thresholds = { review: 0.02, reject: 0.03 };
const ORDER = ['pass', 'review', 'reject'];

describe('a decision', () => {
  it.each([
    [0.0199, 'pass', { type: 'below', limit: 0.02 }],
    [0.02, 'review', { type: 'score', limit: 0.02 }],
    [0.0299, 'review', { type: 'score', limit: 0.02 }],
    [0.03, 'reject', { type: 'score', limit: 0.03 }],
  ])('at %d is %s', (score, decision, reason) => {
    expect(decide({ score }, { thresholds, regionLimits: none })).toEqual({ decision, reason });
  });

  it('never reviews with a single limit', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (score, limit) => {
          const { decision } = decide(
            { score },
            { thresholds: { review: limit, reject: limit }, regionLimits: none },
          );
          expect(decision).toBe(score >= limit ? 'reject' : 'pass');
        },
      ),
    );
  });

  it('is monotone in the score, the number of regions and their area', () => {
    const image = fc.record({
      score: fc.double({ min: 0, max: 0.05, noNaN: true }),
      count: fc.nat({ max: 5 }),
      area: fc.nat({ max: 100 }),
    });
    const limits = fc.record({
      maxCount: fc.option(fc.nat({ max: 5 })),
      maxTotalArea: fc.option(fc.nat({ max: 100 })),
    });
    fc.assert(
      fc.property(image, image, limits, (a, b, regionLimits) => {
        const rank = (score: number, count: number, area: number) =>
          ORDER.indexOf(
            decide({ score, regions: { count, area } }, { thresholds, regionLimits }).decision ?? '',
          );
        expect(
          rank(Math.max(a.score, b.score), Math.max(a.count, b.count), Math.max(a.area, b.area)),
        ).toBeGreaterThanOrEqual(rank(a.score, a.count, a.area));
      }),
    );
  });

  it('rejects an image in review that exceeds a region limit, and no other image', () => {
    const regionLimits = { maxCount: 2, maxTotalArea: 50 };
    const decideRegions = (count: number, area: number) =>
      decide({ score: 0.025, regions: { count, area } }, { thresholds, regionLimits });
    expect(decideRegions(2, 50).decision).toBe('review');
    expect(decideRegions(3, 40)).toEqual({
      decision: 'reject',
      reason: { type: 'count', count: 3, limit: 2 },
    });
    expect(decideRegions(1, 51)).toEqual({
      decision: 'reject',
      reason: { type: 'area', area: 51, limit: 50 },
    });
    expect(decide({ score: 0.01 }, { thresholds, regionLimits }).decision).toBe('pass');
    expect(() => decide({ score: 0.025 }, { thresholds, regionLimits })).toThrow('not measured');
  });

  it('is missing without calibration and without a score', () => {
    expect(decide({ score: 1 }, { thresholds: null, regionLimits: none })).toEqual({
      decision: null,
      reason: { type: 'not-calibrated' },
    });
    expect(decide({ score: null }, { thresholds, regionLimits: none })).toEqual({
      decision: null,
      reason: { type: 'no-score' },
    });
  });
});

describe('the text of a reason', () => {
  const text = (
    score: number | null,
    regionLimits = none,
    regions = { count: 7, area: 812.5 },
    context = {},
  ) => reasonText({ score, ...decide({ score, regions }, { thresholds, regionLimits }) }, context);

  it('names the score, the limit, and the region size if known', () => {
    expect(text(0.0415)).toBe('A region of the required size at 0.0415 reaches the reject threshold 0.03');
    expect(text(0.025, none, undefined, { regionArea: 340.2 })).toBe(
      'A region of 340 px at 0.025 reaches the review threshold 0.02',
    );
    expect(text(0.012)).toBe(
      'No region of the required size reaches the review threshold 0.02; the highest is at 0.012',
    );
    expect(text(null)).toBe('No region can be as large as the size limits require');
  });

  it('shows enough digits for score and limit to differ', () => {
    expect(text(0.0199999)).toContain('review threshold 0.02; the highest is at 0.0199999');
  });

  it('names the region limit that is exceeded', () => {
    expect(text(0.025, { maxCount: 5, maxTotalArea: null } as never)).toBe(
      '7 regions reach the review threshold, more than 5',
    );
    expect(text(0.025, { maxCount: null, maxTotalArea: 800 } as never, undefined, { unit: 'mm' })).toBe(
      'Regions of 812.5 mm² reach the review threshold, more than 800 mm²',
    );
  });
});
