import { type Agreement, type ImageVerdict, verdict } from '../../common/api/sessions.ts';
import { cohensKappa } from './kappa.ts';

const verdicts = verdict.options;

/**
 * Agreement of two operators on the images that both reviewed. Disagreements follow the order of the first
 * operator's verdicts.
 */
export function agreementOf(first: readonly ImageVerdict[], second: readonly ImageVerdict[]): Agreement {
  const others = new Map(second.map((imageVerdict) => [imageVerdict.image, imageVerdict]));
  const pairs = first.flatMap((mine) => {
    const other = others.get(mine.image);
    return other ? [{ image: mine.image, first: mine, second: other }] : [];
  });
  const count = (mine: string, other: string) =>
    pairs.filter((pair) => pair.first.verdict === mine && pair.second.verdict === other).length;
  const counts = verdicts.map((mine) => verdicts.map((other) => count(mine, other)));
  const disagreements = pairs.filter((pair) => pair.first.verdict !== pair.second.verdict);
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
