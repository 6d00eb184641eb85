import type { Reference } from './reference.ts';

/** For each window those of the image that are nearest to it (paper, 3.3): the score is the mean of the costs. */
export const knn: Reference = {
  name: 'knn',
  title: 'k-NN: the most similar patches of the image',
  // The paper's text lost its k; this is the one of Aota et al.
  arguments: [{ name: 'neighbors', standard: 400, minimum: 1, maximum: 1_000_000 }],
  size: ([count]) => ({ kind: 'nearest', count }),
  select: (_features, _patch, [count]) => Promise.resolve({ kind: 'nearest', count }),
};
