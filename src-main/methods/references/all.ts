import type { Reference } from './reference.ts';

/** Every window of the image (paper, 3.3; Moritz et al.): the score is the sum of the costs. */
export const all: Reference = {
  name: 'all',
  title: 'All: every patch of the image',
  arguments: [],
  size: () => ({ kind: 'all' }),
  select: () => Promise.resolve({ kind: 'all' }),
};
