import { expect, it } from 'vitest';
import { scoreRank } from './score-rank.ts';

it('ranks the highest score first, shares ranks, and omits images without a score', () => {
  expect(scoreRank(5, [5, 3, 5, null, 9])).toEqual({ rank: 2, of: 4 });
  expect(scoreRank(3, [5, 3, 5, null, 9])).toEqual({ rank: 4, of: 4 });
});
