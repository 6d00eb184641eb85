import type { Method } from './schemas.ts';

/** The paper's patch size. */
export const DEFAULT_PATCH_SIZE = 9;

/**
 * The patch size of a method whose components were changed. `auto` is chosen for the features and the statistic of its method;
 * with others, the default applies.
 *
 * @param given the patch size that was asked for, if any
 */
export function patchSizeAfterChange(
  before: Method,
  after: Pick<Method, 'extractor' | 'statistic'>,
  given: Method['patchSize'] | undefined,
): Method['patchSize'] {
  if (given !== undefined || before.patchSize !== 'auto') return given ?? before.patchSize;
  const isSame = before.extractor === after.extractor && before.statistic === after.statistic;
  return isSame ? 'auto' : DEFAULT_PATCH_SIZE;
}
