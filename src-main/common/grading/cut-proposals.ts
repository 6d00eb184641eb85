import type { CutProposal, PointsRule, RollStretch } from '../api/grading.ts';
import { figure, lengthText, millimeters, unitLength } from './lengths.ts';

/**
 * Stretches of a roll to cut out because they have more points than the rule allows, from the shortest that exceeds
 * the limit, with its neighbors of as many points per unit of length. No stretch of the rule's length exceeds the
 * limit in the pieces that remain.
 */
export function proposeCuts(rule: PointsRule, stretches: readonly RollStretch[]): CutProposal[] {
  if (!rule.cuts) return [];
  const { stretch: allowed, over } = rule.cuts;
  const longest = Math.max(1, Math.round(millimeters(allowed) / unitLength(rule.unit)));
  const points = stretches.map((stretch) => stretch.points);
  const cut = points.map(() => false);
  for (let run = densestRun(points, cut, longest, over); run; run = densestRun(points, cut, longest, over)) {
    let { first, last } = run;
    const dense = (index: number) => points[index] > over / longest && !cut[index];
    while (dense(first - 1)) first--;
    while (dense(last + 1)) last++;
    cut.fill(true, first, last + 1);
  }
  return runsOf(cut).map(({ first, last }) => {
    const total = points.slice(first, last + 1).reduce((sum, value) => sum + value, 0);
    const { from } = stretches[first];
    const { to } = stretches[last];
    return {
      from,
      to,
      points: total,
      why: `${figure(total)} points in ${lengthText(to - from, rule.unit)}; the limit is ${over} in ${allowed}.`,
    };
  });
}

interface Run {
  first: number;
  last: number;
}

/** The shortest run of uncut stretches with more than `over` points, of several the one with most points, then the first. */
function densestRun(
  points: readonly number[],
  cut: readonly boolean[],
  longest: number,
  over: number,
): Run | null {
  let best: (Run & { sum: number }) | null = null;
  for (let first = 0; first < points.length; first++) {
    let sum = 0;
    const end = Math.min(points.length, first + (best ? best.last - best.first + 1 : longest));
    for (let last = first; last < end && !cut[last]; last++) {
      sum += points[last];
      if (sum <= over) continue;
      if (!best || last - first < best.last - best.first || sum > best.sum) best = { first, last, sum };
      break;
    }
  }
  return best;
}

/** The runs of consecutive true values. */
function runsOf(values: readonly boolean[]): Run[] {
  const runs: Run[] = [];
  values.forEach((value, index) => {
    const previous = runs.at(-1);
    if (!value) return;
    if (previous?.last === index - 1) previous.last = index;
    else runs.push({ first: index, last: index });
  });
  return runs;
}
