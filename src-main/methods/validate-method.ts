import { PerchError } from '../common/api/errors.ts';
import {
  type AnyMethod,
  type MemoryMethod,
  type Method,
  method as schema,
  type SetMethod,
} from '../common/api/schemas.ts';
import { baselineNamed } from './baselines/registry.ts';
import { networkNamed } from './extractors/added-backbones.ts';
import { chosenWithPatchSize } from './patch-window.ts';
import { assertNormalReference } from './references/normal-reference.ts';
import { extractorNamed, referenceFor, statisticNamed } from './registry.ts';
import { type Comparison, comparisonNamed } from './set-statistics/registry.ts';
import { parametersFor } from './statistics/statistic.ts';

/**
 * Returns a method if all of its components exist and fit together.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `MODEL_MISSING`, `MODEL_UNUSABLE`
 */
export function validateMethod(method: AnyMethod): AnyMethod {
  if ('baseline' in method) baselineNamed(method.baseline);
  if ('network' in method) networkNamed(method.network);
  if ('extractor' in method) extractorNamed(method.extractor);
  if ('statistic' in method) {
    const statistic = statisticNamed(method.statistic);
    referenceFor(statistic, method.reference);
    if (method.normal) assertNormalReference(method);
    assertRanges(method);
    parametersFor(statistic, { ...method.parameters, patchSize: sampleSize(method) });
  }
  if ('memory' in method || 'set' in method) parametersFor(comparisonOf(method), method.parameters ?? {});
  return method;
}

/**
 * The canonical form of a method, so that equal methods have equal JSON: parameters with default values are omitted, and so is
 * the default seed of an extractor.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export function canonicalizeMethod(method: AnyMethod): AnyMethod {
  if (!('extractor' in method)) return method;
  const extractor = canonicalExtractor(method.extractor);
  if ('memory' in method || 'set' in method) {
    const { parameters = {}, ...rest } = method;
    const defaults = parametersFor(comparisonOf(method), {});
    const changed = Object.entries(parameters).filter(([name, value]) => defaults[name] !== value);
    return { ...rest, extractor, ...parametersIfAny(changed) };
  }
  if (!('statistic' in method)) return { ...method, extractor };
  const { parameters = {}, ...rest } = method;
  const statistic = statisticNamed(method.statistic);
  const defaults = parametersFor(statistic, { patchSize: sampleSize(method) });
  const chosen = chosenWithPatchSize(method);
  const changed = Object.entries(parameters).filter(
    ([name, value]) => defaults[name] !== value || chosen.includes(name),
  );
  return {
    ...rest,
    extractor,
    ...parametersIfAny(changed),
  };
}

const parametersIfAny = (entries: [string, number][]) =>
  entries.length > 0 ? { parameters: Object.fromEntries(entries) } : {};

/** The comparison with other images that a method makes. */
const comparisonOf = (method: MemoryMethod | SetMethod): Comparison =>
  comparisonNamed('set' in method ? method.set : method.memory);

/**
 * An extractor's canonical specifier. A backbone that is missing here may exist on another machine, so it is
 * kept.
 */
function canonicalExtractor(spec: string): string {
  try {
    return extractorNamed(spec).name;
  } catch (thrown) {
    if (thrown instanceof PerchError && thrown.code.startsWith('MODEL_')) return spec;
    throw thrown;
  }
}

/** A valid patch size of a method, for checking the other parameters. */
const sampleSize = ({ patchSize }: Method) => (patchSize === 'auto' ? 9 : patchSize);

function assertRanges(method: Method): void {
  const parsed = schema.safeParse(method);
  if (parsed.success) return;
  const { path, message } = parsed.error.issues[0];
  throw new PerchError('INVALID_ARGUMENT', `${path.join('.')}: ${message}`, undefined, {
    kind: 'method-field',
    field: path.join('.'),
  });
}
