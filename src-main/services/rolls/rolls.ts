import { PerchError } from '../../common/api/errors.ts';
import type { Services } from '../types.ts';

/** The procedures for rolls. */
export function openRolls(): Services['rolls'] {
  const absent = (): never => {
    throw new PerchError('NOT_FOUND', 'This roll is not in the store.');
  };
  return {
    list: () => ({ rolls: [] }),
    rules: () => ({ rules: [] }),
    get: absent,
    // eslint-disable-next-line require-yield
    async *import() {
      absent();
    },
    update: absent,
    remove: absent,
    inspect: absent,
    defects: absent,
    assess: absent,
    assessments: absent,
    certificate: absent,
  };
}
