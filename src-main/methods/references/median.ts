import type { Reference } from './reference.ts';

/** The set of values that minimises the summed Wasserstein distance to all patches (paper, eq. 7). */
export const median: Reference = {
  name: 'median',
  title: 'Median: one reference for the whole image (paper)',
  arguments: [],
  size: () => ({ kind: 'sorted' }),
  async select(features, patchSize, _, backend, execution) {
    return { kind: 'sorted', lists: await backend.medianReference(features, patchSize, execution) };
  },
};
