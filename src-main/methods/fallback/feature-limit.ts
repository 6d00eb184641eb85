import { PerchError } from '../../common/api/errors.ts';

/**
 * The largest magnitude of a feature that is compared by squared distances. The squares of larger ones overflow float32 when they are
 * summed.
 */
export const MAX_COMPARED_FEATURE = 1e15;

/** @throws PerchError `INVALID_FEATURES` if a value is NaN, infinite or too large for squared distances */
export function assertComparable(values: Float32Array): void {
  const index = values.findIndex((value) => !(Math.abs(value) <= MAX_COMPARED_FEATURE));
  if (index < 0) return;
  const reason = Number.isFinite(values[index]) ? 'too large' : 'not finite';
  throw new PerchError(
    'INVALID_FEATURES',
    `The features are ${reason}: value ${index} is ${values[index]}; the limit is ${MAX_COMPARED_FEATURE}.`,
  );
}
