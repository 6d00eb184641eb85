import { describe, expect, it } from 'vitest';
import type { GroundTruth } from '../../common/api/datasets.ts';
import type { GoldVerdict, Verdict } from '../../common/api/sessions.ts';
import { pairVerdicts } from './agreement.ts';
import { goldVerdicts, sortByAdoption } from './gold-verdicts.ts';

const verdictOn = (image: number, verdict: Verdict, defectType = '') => ({
  image,
  verdict,
  defectType,
  note: '',
  at: '2026-03-02T08:00:00.000Z',
});
const pairs = pairVerdicts(
  [verdictOn(1, 'accept'), verdictOn(2, 'reject', 'hole'), verdictOn(3, 'accept'), verdictOn(4, 'unsure')],
  [verdictOn(1, 'accept'), verdictOn(2, 'accept'), verdictOn(3, 'reject', 'stain'), verdictOn(5, 'accept')],
);
const unknown = () => 'unknown' as const;

describe('gold verdicts', () => {
  it("are the adjudicator's verdict, or the one on which both operators agree", () => {
    const gold = goldVerdicts(pairs, [verdictOn(2, 'reject', 'cut')], unknown);
    expect(gold).toMatchObject([
      { image: 1, gold: 'accept', source: 'agreed' },
      {
        image: 2,
        first: 'reject',
        second: 'accept',
        gold: 'reject',
        source: 'adjudicated',
        defectType: 'cut',
      },
      { image: 3, gold: null, source: 'open' },
    ]);
  });

  it("remain the adjudicator's if the operators agree later", () => {
    const agreed = pairVerdicts([verdictOn(2, 'accept')], [verdictOn(2, 'accept')]);
    expect(goldVerdicts(agreed, [verdictOn(2, 'reject')], unknown)).toMatchObject([
      { gold: 'reject', source: 'adjudicated' },
    ]);
  });
});

describe('adoption into the ground truth', () => {
  const gold = (image: number, verdict: Verdict | null, groundTruth: GroundTruth): GoldVerdict => ({
    image,
    first: 'accept',
    second: 'reject',
    gold: verdict,
    groundTruth,
    source: verdict === null ? 'open' : 'adjudicated',
    defectType: '',
    note: '',
  });
  const all = [
    gold(1, 'accept', 'unknown'),
    gold(2, 'accept', 'normal'),
    gold(3, 'accept', 'masked'),
    gold(4, 'reject', 'unknown'),
    gold(5, 'reject', 'normal'),
    gold(6, 'reject', 'masked'),
    gold(7, 'unsure', 'unknown'),
    gold(8, null, 'unknown'),
  ];

  it('makes accepted images normal, and leaves rejected images unchanged until they have a mask', () => {
    expect(sortByAdoption(all, false)).toEqual({
      adopted: [1],
      unchanged: [2, 6],
      needsMask: [4, 5],
      contradicted: [3],
      undecided: [7, 8],
    });
  });

  it('changes an accepted image with a mask only on request', () => {
    expect(sortByAdoption(all, true)).toMatchObject({ adopted: [1, 3], contradicted: [] });
  });
});
