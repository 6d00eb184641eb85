import { amongInside } from './patches-inside.ts';
import type { Reference } from './reference.ts';

/**
 * For each patch, the most similar patches of the image (paper, section 3.3). The score is the mean of the
 * costs. `methods/fallback/match-patches.ts` defines the search; `native/src/matching/knn_patches.cpp` is the
 * fast implementation.
 */
export const knn: Reference = {
  name: 'knn',
  title: 'k-NN: the most similar patches of the image',
  // The paper's text omits k. This is the k of Aota et al.
  parameters: [{ name: 'k', default: 400, minimum: 1, maximum: 1_000_000 }],
  size: ([k]) => ({ kind: 'nearest', count: k }),
  select: (source, [k]) => Promise.resolve({ kind: 'nearest', k, ...amongInside(source) }),
};
