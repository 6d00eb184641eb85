import { PerchError } from '../common/api/errors.ts';
import { type AnyMethod, type Method, method as schema } from '../common/api/schemas.ts';
import { baselineNamed } from './baselines/registry.ts';
import { extractorNamed, referenceFor, statisticNamed } from './registry.ts';
import { parametersFor } from './statistics/statistic.ts';

/**
 * A method, if all of its parts are there and go together.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `MODEL_MISSING`, `MODEL_UNUSABLE`
 */
export function checkedMethod(method: AnyMethod): AnyMethod {
  if ('baseline' in method) baselineNamed(method.baseline);
  else extractorNamed(method.extractor);
  if ('statistic' in method) {
    const statistic = statisticNamed(method.statistic);
    referenceFor(statistic, method.reference);
    checkRanges(method);
    parametersFor(statistic, { ...method.parameters, patchSize: method.patchSize });
  }
  return method;
}

/**
 * The one way to write a method: parameters that are the statistic's own defaults are left out, and so is the seed of an
 * extractor where it is the standard one.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export function normalised(method: AnyMethod): AnyMethod {
  if ('baseline' in method) return method;
  const extractor = nameOf(method.extractor);
  if (!('statistic' in method)) return { ...method, extractor };
  const { parameters: given = {}, ...rest } = method;
  const statistic = statisticNamed(method.statistic);
  const standard = parametersFor(statistic, { patchSize: method.patchSize });
  const own = Object.entries(given).filter(([name, value]) => standard[name] !== value);
  return { ...rest, extractor, ...(own.length > 0 ? { parameters: Object.fromEntries(own) } : {}) };
}

/** The extractor's own name; that of a backbone that is not here may be another machine's. */
function nameOf(extractor: string): string {
  try {
    return extractorNamed(extractor).name;
  } catch (thrown) {
    if (thrown instanceof PerchError && thrown.code.startsWith('MODEL_')) return extractor;
    throw thrown;
  }
}

function checkRanges(method: Method): void {
  const parsed = schema.safeParse(method);
  if (parsed.success) return;
  const { path, message } = parsed.error.issues[0];
  throw new PerchError('INVALID_ARGUMENT', `${path.join('.')}: ${message}`, undefined, {
    kind: 'method-field',
    field: path.join('.'),
  });
}
