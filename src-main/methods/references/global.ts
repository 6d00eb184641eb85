import { amongInside } from './patches-inside.ts';
import type { Reference } from './reference.ts';

/** The mean of the descriptors of all positions (paper, section 3.3). */
export const global: Reference = {
  name: 'global',
  title: 'Global: the mean over the whole image',
  parameters: [],
  size: () => ({ kind: 'global' }),
  select: (source) => Promise.resolve({ kind: 'global', ...amongInside(source) }),
};
