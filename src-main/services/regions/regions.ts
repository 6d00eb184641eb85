import { PerchError } from '../../common/api/errors.ts';
import type { Services } from '../types.ts';

/** Inspection regions of classes. */
export function openRegions(): Services['regions'] {
  const absent = () => {
    throw new PerchError('INTERNAL', 'Inspection regions are not available yet.');
  };
  return new Proxy({ list: () => ({ regions: [] }) } as Partial<Services['regions']>, {
    get: (known, name) => known[name as 'list'] ?? absent,
  }) as Services['regions'];
}
