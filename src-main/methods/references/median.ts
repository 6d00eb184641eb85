import { tilesInside } from './patches-inside.ts';
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
  async select({ features, patchSize, inside }, _, backend, execution) {
    const tiles = inside && tilesInside(inside, features, patchSize);
    return { kind: 'sorted', lists: await backend.medianReference(features, patchSize, execution, tiles) };
  },
};
