import type { CalibrationRule, DecisionThresholds } from '../api/recipes.ts';
import { middleFloat32, nextFloat32 } from './float32.ts';
import type { KnownScores } from './known-scores.ts';

type Costs = Omit<CalibrationRule & { type: 'cost' }, 'type'>;

/**
 * The thresholds with the least expected cost per image, if the labeled images represent all others and a
 * fraction of `defectRate` is defective. A threshold lies midway between two neighboring scores. Of
 * equal costs, the lowest T1 and then the highest T2 win. O(n log n).
 *
 * @param known at least one score of each label that occurs
 */
export function leastCostThresholds(
  known: KnownScores,
  costs: Costs,
): { thresholds: DecisionThresholds; cost: number } {
  const weight = { good: 1 - costs.defectRate, defective: costs.defectRate };
  const perScore = new Map<number, { pass: number; review: number; reject: number }>();
  for (const label of ['good', 'defective'] as const) {
    // A label without scores has no weight, which avoids 0 / 0.
    const share = known[label].length === 0 ? 0 : weight[label] / known[label].length;
    for (const score of known[label]) {
      const sum = perScore.get(score) ?? { pass: 0, review: 0, reject: 0 };
      if (label === 'defective') sum.pass += share * costs.escape;
      else sum.reject += share * costs.falseReject;
      sum.review += share * costs.review;
      perScore.set(score, sum);
    }
  }
  const sorted = [...perScore].sort(([a], [b]) => a - b);
  const scores = sorted.map(([score]) => score);
  const cut = bestCuts(sorted.map(([, sum]) => sum));
  return {
    thresholds: { review: thresholdAt(scores, cut.review), reject: thresholdAt(scores, cut.reject) },
    cost: cut.cost,
  };
}

/** The best first indices of the reviewed and the rejected scores. */
function bestCuts(costs: readonly { pass: number; review: number; reject: number }[]) {
  const n = costs.length;
  // reviewOrReject[i]: the least cost of the scores from i on if none of them passes, and the index at which
  // rejection starts.
  const from = new Array<{ cost: number; reject: number }>(n + 1);
  from[n] = { cost: 0, reject: n };
  let rejectAll = 0;
  for (let i = n - 1; i >= 0; i--) {
    rejectAll += costs[i].reject;
    const reviewed = costs[i].review + from[i + 1].cost;
    from[i] =
      reviewed <= rejectAll ? { cost: reviewed, reject: from[i + 1].reject } : { cost: rejectAll, reject: i };
  }
  let best = { review: 0, ...from[0] };
  let passed = 0;
  for (let i = 1; i <= n; i++) {
    passed += costs[i - 1].pass;
    const cost = passed + from[i].cost;
    if (cost < best.cost) best = { review: i, reject: from[i].reject, cost };
  }
  return best;
}

/** A threshold that the scores from an index on reach. */
function thresholdAt(scores: readonly number[], index: number): number {
  if (index === scores.length) return nextFloat32(scores[index - 1]);
  return index === 0 ? scores[0] : middleFloat32(scores[index - 1], scores[index]);
}
