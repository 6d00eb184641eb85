import { argumentsIn, nameIn, notationOf } from '../common/api/component-spec.ts';
import { PerchError } from '../common/api/errors.ts';
import type { ComputeBackend } from './backend/compute-backend.ts';
import { addedExtractors, backboneExtractorNamed } from './extractors/added-backbones.ts';
import { colors } from './extractors/colors.ts';
import type { Extractor } from './extractors/extractor.ts';
import { gabor } from './extractors/gabor.ts';
import { laws } from './extractors/laws.ts';
import { random, randomExtractorNamed } from './extractors/random.ts';
import { steerable } from './extractors/steerable.ts';
import { all } from './references/all.ts';
import { global } from './references/global.ts';
import { knn } from './references/knn.ts';
import { mean } from './references/mean.ts';
import { median } from './references/median.ts';
import { random as randomWindows } from './references/random.ts';
import type { Reference } from './references/reference.ts';
import type { Selection, SelectionSize } from './references/selection.ts';
import { aota } from './statistics/aota.ts';
import { fca } from './statistics/fca.ts';
import { histogram } from './statistics/histogram.ts';
import { moments } from './statistics/moments.ts';
import type { Statistic } from './statistics/statistic.ts';
import { sww } from './statistics/sww.ts';
import type { Execution, FeatureMap } from './types.ts';

/** The three families; a new member is one file and one line here. The first of each is the default. */
export const extractors: readonly Extractor[] = [gabor, colors, laws, steerable, random];
export const statistics: readonly Statistic[] = [
  fca as Statistic,
  sww as Statistic,
  moments as Statistic,
  histogram as Statistic,
  aota as Statistic,
];
export const references: readonly Reference[] = [median, mean, global, randomWindows, all, knn];

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

/** A reference with its numbers, that a statistic takes. */
export interface ChosenReference {
  /** How much `select` will select. */
  size: SelectionSize;
  /** Selects from the features of the image itself. */
  select(
    features: FeatureMap,
    patchSize: number,
    backend: ComputeBackend,
    execution: Execution,
  ): Promise<Selection>;
}

/**
 * The reference that `text` names, as in `median` or `random:10:7`, if the statistic takes it.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export function referenceFor(statistic: Statistic, text: string): ChosenReference {
  const reference = named('reference', references, nameIn(text));
  if (!takesReference(statistic, text)) {
    const taken = statistic.references.map((name) => notationOf(named('reference', references, name)));
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The statistic "${statistic.name}" takes no reference "${text}". It takes: ${taken.join(', ')}.`,
    );
  }
  const numbers = argumentsIn(text, reference);
  return {
    size: reference.size(numbers),
    select: (features, patchSize, backend, execution) =>
      reference.select(features, patchSize, numbers, backend, execution),
  };
}

/** Whether a statistic takes the reference that `text` names, whatever its numbers. */
export const takesReference = (statistic: Statistic, text: string): boolean =>
  statistic.references.includes(nameIn(text));

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
