import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoredImage } from '../api/recipes.ts';
import { conformalLimit } from './conformal-limit.ts';
import { knownScores, scoreRange } from './known-scores.ts';
import { leaveOneOut } from './leave-one-out.ts';

const none = { maxCount: null, maxTotalArea: null };

function scored(
  image: number,
  label: ScoredImage['label'],
  score: number | null,
  split: 'train' | 'test' = 'test',
) {
  return { image, result: image, score, label, labelSource: 'ground-truth', split, inspectedAt: '' } as const;
}

describe('images that calibrate', () => {
  const images = [
    scored(0, 'good', 1, 'train'),
    scored(1, 'good', 2, 'test'),
    scored(2, 'defective', 3, 'test'),
    scored(3, 'unknown', 4, 'test'),
    scored(4, 'good', null, 'train'),
  ];

  it.each([
    ['train', [1]],
    ['test', [2]],
    ['all', [1, 2]],
  ] as const)('are the good ones of "%s" and all defective ones, with a score', (source, good) => {
    expect(knownScores(images, source)).toEqual({ good, defective: [3] });
  });

  it('have a range with the median', () => {
    expect(scoreRange([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
    expect(scoreRange([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
    expect(scoreRange([])).toBeNull();
  });
});

describe('leave-one-out', () => {
  it('rejects a good image exactly if it exceeds the limit of the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 12 }),
        fc.constantFrom(0, 0.1, 0.4),
        (scores, rate) => {
          const images = scores.map((score, at) => scored(at, 'good', score));
          const decided = leaveOneOut(images, { type: 'false-rejects', rate }, 'all', none);
          for (const { image, decision } of decided) {
            const limit = conformalLimit(
              scores.filter((_, at) => at !== image),
              rate,
            );
            expect(decision).toBe(limit === null ? null : scores[image] >= limit.reject ? 'reject' : 'pass');
          }
          expect(decided).toHaveLength(scores.length);
        },
      ),
    );
  });

  it("passes the lowest defective image, which no other image's threshold would catch", () => {
    const images = [scored(0, 'good', 1), scored(1, 'defective', 3), scored(2, 'defective', 5)];
    expect(leaveOneOut(images, { type: 'no-escape' }, 'all', none)).toEqual([
      { image: 0, label: 'good', decision: 'pass' },
      { image: 1, label: 'defective', decision: 'pass' },
      { image: 2, label: 'defective', decision: 'reject' },
    ]);
  });

  it('omits images that do not calibrate', () => {
    const images = [
      scored(0, 'good', 1, 'train'),
      scored(1, 'good', 2, 'train'),
      scored(2, 'good', 9, 'test'),
      scored(3, 'unknown', 9),
    ];
    const decided = leaveOneOut(images, { type: 'false-rejects', rate: 0 }, 'train', none);
    expect(decided.map(({ image, decision }) => [image, decision])).toEqual([
      [0, 'pass'],
      [1, 'reject'],
    ]);
  });
});
