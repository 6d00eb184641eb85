import type { Reference } from './reference.ts';

/** The average over tiles of their sorted values (paper, Table 7, ablation R). */
export const mean: Reference = {
  name: 'mean',
  title: 'Mean: the average of sorted patches',
  arguments: [],
  size: () => ({ kind: 'sorted' }),
  async select(features, patchSize, _, backend, execution) {
    return { kind: 'sorted', lists: await backend.meanReference(features, patchSize, execution) };
  },
};
