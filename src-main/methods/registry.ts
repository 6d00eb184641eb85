import { PerchError } from '../api/errors.ts';
import { addedExtractors, backboneExtractorNamed } from './extractors/added-backbones.ts';
import { colors } from './extractors/colors.ts';
import type { Extractor } from './extractors/extractor.ts';
import { gabor } from './extractors/gabor.ts';
import { laws } from './extractors/laws.ts';
import { random, randomExtractorNamed } from './extractors/random.ts';
import { steerable } from './extractors/steerable.ts';
import { median } from './references/median.ts';
import type { Reference } from './references/reference.ts';
import { fca } from './statistics/fca.ts';
import type { Statistic } from './statistics/statistic.ts';
import { sww } from './statistics/sww.ts';

/** The three families; a new member is one file and one line here. The first of each is the default. */
export const extractors: readonly Extractor[] = [gabor, colors, laws, steerable, random];
export const statistics: readonly Statistic[] = [fca as Statistic, sww as Statistic];
export const references: readonly Reference[] = [median];

/** The extractors that can be used now: those of Perch and the backbones that were added. */
export const availableExtractors = (): Extractor[] => [...extractors, ...addedExtractors()];

/**
 * The extractor of that name; `random:SEED` is `random` with that seed.
 *
 * @throws PerchError `UNKNOWN_NAME`, listing the known ones; `INVALID_ARGUMENT` where a seed is none; `MODEL_MISSING` for
 * a backbone that has to be added first
 */
export function extractorNamed(name: string): Extractor {
  const own = extractors.find((candidate) => candidate.name === name);
  return (
    own ??
    randomExtractorNamed(name) ??
    backboneExtractorNamed(name) ??
    named('extractor', availableExtractors(), name)
  );
}

/** @throws PerchError `UNKNOWN_NAME`, listing the known ones */
export const statisticNamed = (name: string): Statistic => named('statistic', statistics, name);
export const referenceNamed = (name: string): Reference => named('reference', references, name);

/** The reference of that name, if the statistic takes it. @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT` */
export function referenceFor(statistic: Statistic, name: string): Reference {
  const reference = referenceNamed(name);
  if (statistic.references.includes(name)) return reference;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The statistic "${statistic.name}" takes no reference "${name}". It takes: ${statistic.references.join(', ')}.`,
  );
}

function named<Member extends { name: string }>(
  family: string,
  members: readonly Member[],
  name: string,
): Member {
  const member = members.find((candidate) => candidate.name === name);
  if (member) return member;
  const known = members.map((candidate) => candidate.name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `There is no ${family} "${name}". Known: ${known}.`);
}
