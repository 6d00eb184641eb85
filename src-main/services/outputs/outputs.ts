import { PerchError } from '../../common/api/errors.ts';
import type { Services } from '../types.ts';

/** The procedures for outputs. */
export function openOutputs(): Services['outputs'] {
  const missing = (): never => {
    throw new PerchError('NOT_FOUND', 'This output is no longer in the store. Reload the window.');
  };
  return {
    list: () => ({ outputs: [] }),
    add: missing,
    change: missing,
    remove: missing,
    test: missing,
    retry: missing,
    deliver() {},
  };
}
