import type { GroundTruth } from '../../common/api/datasets.ts';
import type { Adoption, GoldVerdict, ImageVerdict, VerdictPair } from '../../common/api/sessions.ts';
import { disagree } from './agreement.ts';

/**
 * The gold verdicts of an adjudication: the adjudicator's verdict if there is one, otherwise the one on which
 * both operators agree.
 *
 * @param pairs the verdicts of both operators
 * @param adjudicated the adjudicator's verdicts
 */
export function goldVerdicts(
  pairs: readonly VerdictPair[],
  adjudicated: readonly ImageVerdict[],
  groundTruthOf: (image: number) => GroundTruth,
): GoldVerdict[] {
  const decided = new Map(adjudicated.map((imageVerdict) => [imageVerdict.image, imageVerdict]));
  return pairs.map((pair): GoldVerdict => {
    const { image } = pair;
    const first = pair.first.verdict;
    const second = pair.second.verdict;
    const known = { image, first, second, groundTruth: groundTruthOf(image) };
    const gold = decided.get(image) ?? (disagree(pair) ? undefined : pair.first);
    if (!gold) return { ...known, gold: null, source: 'open', defectType: '', note: '' };
    const { verdict, defectType, note } = gold;
    return {
      ...known,
      gold: verdict,
      source: decided.has(image) ? 'adjudicated' : 'agreed',
      defectType,
      note,
    };
  });
}

/**
 * Sorts gold verdicts by their effect on the ground truth. Ground truth is normal or a mask, so a rejected
 * image without one waits until its mask is drawn.
 *
 * @param overwrite whether an accepted image with a mask becomes normal
 */
export function sortByAdoption(gold: readonly GoldVerdict[], overwrite: boolean): Adoption {
  const outcomes = Map.groupBy(gold, ({ gold: verdict, groundTruth }): keyof Adoption => {
    if (verdict === 'accept') {
      if (groundTruth === 'masked') return overwrite ? 'adopted' : 'contradicted';
      return groundTruth === 'normal' ? 'unchanged' : 'adopted';
    }
    if (verdict === 'reject') return groundTruth === 'masked' ? 'unchanged' : 'needsMask';
    return 'undecided';
  });
  const images = (outcome: keyof Adoption) => (outcomes.get(outcome) ?? []).map(({ image }) => image);
  return {
    adopted: images('adopted'),
    unchanged: images('unchanged'),
    needsMask: images('needsMask'),
    contradicted: images('contradicted'),
    undecided: images('undecided'),
  };
}
