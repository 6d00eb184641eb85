import { formatUsage, parseName, parseSpec } from '../common/api/component-spec.ts';
import { PerchError } from '../common/api/errors.ts';
import type { ComputeBackend } from './backend/compute-backend.ts';
import { addedExtractors, backboneExtractorNamed } from './extractors/added-backbones.ts';
import { colors } from './extractors/colors.ts';
import type { Extractor } from './extractors/extractor.ts';
import { gabor, gabor67 } from './extractors/gabor.ts';
import { laws } from './extractors/laws.ts';
import { random, randomExtractorNamed } from './extractors/random.ts';
import { steerable } from './extractors/steerable.ts';
import { all } from './references/all.ts';
import { global } from './references/global.ts';
import { knn } from './references/knn.ts';
import { mean } from './references/mean.ts';
import { median } from './references/median.ts';
import { random as randomPatches } from './references/random.ts';
import type { Reference, ReferenceSource } from './references/reference.ts';
import type { Selection, SelectionSize } from './references/selection.ts';
import { aota } from './statistics/aota.ts';
import { fca } from './statistics/fca.ts';
import { histogram } from './statistics/histogram.ts';
import { moments } from './statistics/moments.ts';
import { qfca } from './statistics/qfca.ts';
import type { Statistic } from './statistics/statistic.ts';
import { sww } from './statistics/sww.ts';
import type { Execution } from './types.ts';

// The paper's three families. A new component is one file in its folder and one line here. The first
// component of each family is the default.

export const extractors: readonly Extractor[] = [gabor, colors, laws, steerable, random, gabor67];

export const statistics: readonly Statistic[] = [
  fca as Statistic,
  qfca as Statistic,
  sww as Statistic,
  moments as Statistic,
  histogram as Statistic,
  aota as Statistic,
];

export const references: readonly Reference[] = [median, mean, global, randomPatches, all, knn];

/** The extractors that can be used now: the embedded ones and the added backbones. */
export const availableExtractors = (): Extractor[] => [...extractors, ...addedExtractors()];

/**
 * The extractor of that name; `random:SEED` is `random` with that seed.
 *
 * @throws PerchError `UNKNOWN_NAME`, listing the known names; `INVALID_ARGUMENT` if the seed is invalid; `MODEL_MISSING` if the
 * backbone has not been added
 */
export function extractorNamed(spec: string): Extractor {
  const embedded = extractors.find((candidate) => candidate.name === spec);
  return (
    embedded ??
    randomExtractorNamed(spec) ??
    backboneExtractorNamed(spec) ??
    findByName('extractor', availableExtractors(), spec)
  );
}

/** @throws PerchError `UNKNOWN_NAME`, listing the known names */
export const statisticNamed = (name: string): Statistic => findByName('statistic', statistics, name);

/** A reference with its numbers. */
export interface ParsedReference {
  /** Size of the selection that `select` returns. */
  size: SelectionSize;
  /** Selects from the features of the image itself. */
  select(source: ReferenceSource, backend: ComputeBackend, execution: Execution): Promise<Selection>;
}

/**
 * The reference of a specifier, as in `median` or `random:10:7`, if the statistic accepts it.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export function referenceFor(statistic: Statistic, spec: string): ParsedReference {
  const reference = findByName('reference', references, parseName(spec));
  if (!acceptsReference(statistic, spec)) {
    const accepted = statistic.references.map((name) =>
      formatUsage(findByName('reference', references, name)),
    );
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The statistic "${statistic.name}" does not accept the reference "${spec}". It accepts: ${accepted.join(', ')}.`,
    );
  }
  const numbers = parseSpec(spec, reference);
  return {
    size: reference.size(numbers),
    select: (source, backend, execution) => reference.select(source, numbers, backend, execution),
  };
}

/** Whether a statistic accepts the reference of a specifier, whatever its numbers. */
export const acceptsReference = (statistic: Statistic, spec: string): boolean =>
  statistic.references.includes(parseName(spec));

function findByName<Component extends { name: string }>(
  family: string,
  components: readonly Component[],
  name: string,
): Component {
  const component = components.find((candidate) => candidate.name === name);
  if (component) return component;
  const known = components.map((candidate) => candidate.name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `There is no ${family} "${name}". Known: ${known}.`);
}
