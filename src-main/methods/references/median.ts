import type { Reference } from './reference.ts';

/**
 * The set of values with the smallest summed Wasserstein distance to all tiles (paper, eq. 7). Definition:
 * `fallback/median-reference.ts`.
 */
export const median: Reference = {
  name: 'median',
  title: 'Median: one reference for the whole image (paper)',
  parameters: [],
  size: () => ({ kind: 'sorted' }),
  async select(features, patchSize, _, backend, execution) {
    return { kind: 'sorted', lists: await backend.medianReference(features, patchSize, execution) };
  },
};
