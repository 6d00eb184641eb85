import { z } from 'zod';

/** Patch size T in feature positions (paper, section 3.4: 9 at full resolution). */
export const patchSize = z
  .int()
  .min(3)
  .max(31)
  .refine((side) => side % 2 === 1, 'must be odd')
  .default(9);

/** A standard deviation in feature positions. */
export const sigma = z.number().positive().max(1000);

/** References of statistics that compare sorted samples; the paper's comes first. */
export const sortedSampleReferences = ['median', 'mean', 'random', 'all', 'knn'] as const;

/** References of statistics that compare descriptors; the paper's comes first. */
export const descriptorReferences = ['global', 'random', 'all', 'knn'] as const;
