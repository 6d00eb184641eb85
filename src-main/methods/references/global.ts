import type { Reference } from './reference.ts';

/** The mean of the descriptions of all positions (paper, 3.3). */
export const global: Reference = {
  name: 'global',
  title: 'Global: the mean over the whole image',
  arguments: [],
  size: () => ({ kind: 'global' }),
  select: () => Promise.resolve({ kind: 'global' }),
};
