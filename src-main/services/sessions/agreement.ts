import { type Agreement, type ImageVerdict, type VerdictPair, verdict } from '../../common/api/sessions.ts';
import { cohensKappa } from './kappa.ts';

const verdicts = verdict.options;

/** The verdicts of two operators on the images that both reviewed, in the order of the first operator's verdicts. */
export function pairVerdicts(first: readonly ImageVerdict[], second: readonly ImageVerdict[]): VerdictPair[] {
  const others = new Map(second.map((imageVerdict) => [imageVerdict.image, imageVerdict]));
  return first.flatMap((mine) => {
    const other = others.get(mine.image);
    return other ? [{ image: mine.image, first: mine, second: other }] : [];
  });
}

export const disagree = ({ first, second }: VerdictPair): boolean => first.verdict !== second.verdict;

/** Agreement of two operators on the images that both reviewed. */
export function agreementOf(first: readonly ImageVerdict[], second: readonly ImageVerdict[]): Agreement {
  const pairs = pairVerdicts(first, second);
  const count = (mine: string, other: string) =>
    pairs.filter((pair) => pair.first.verdict === mine && pair.second.verdict === other).length;
  const counts = verdicts.map((mine) => verdicts.map((other) => count(mine, other)));
  const disagreements = pairs.filter(disagree);
  const both = pairs.length;
  return {
    both,
    kappa: cohensKappa(counts),
    observed: both === 0 ? null : (both - disagreements.length) / both,
    table: tally(verdicts, (mine) => tally(verdicts, (other) => count(mine, other))),
    disagreements,
  };
}

/** A record with a value for each of its names. */
export function tally<Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
}
