import { amongInside } from './patches-inside.ts';
import type { Reference } from './reference.ts';

/** Every patch of the image (paper, section 3.3; Moritz et al.). The score is the sum of the costs. */
export const all: Reference = {
  name: 'all',
  title: 'All: every patch of the image',
  parameters: [],
  size: () => ({ kind: 'all' }),
  select: (source) => Promise.resolve({ kind: 'all', ...amongInside(source) }),
};
