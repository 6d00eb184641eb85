import { tilesInside } from './patches-inside.ts';
import type { Reference } from './reference.ts';

/** The average of the sorted values of all tiles (paper, Table 7, ablation R). Definition: `fallback/mean-reference.ts`. */
export const mean: Reference = {
  name: 'mean',
  title: 'Mean: the average of sorted patches',
  parameters: [],
  size: () => ({ kind: 'sorted' }),
  async select({ features, patchSize, inside }, _, backend, execution) {
    const tiles = inside && tilesInside(inside, features, patchSize);
    return { kind: 'sorted', lists: await backend.meanReference(features, patchSize, execution, tiles) };
  },
};
