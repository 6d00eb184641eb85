import { z } from 'zod';

/** Patch side T in feature positions (paper, 3.4: 9 at full resolution). */
export const patchSize = z
  .int()
  .min(3)
  .max(31)
  .refine((side) => side % 2 === 1, 'must be odd')
  .default(9);

/** A standard deviation in feature positions. */
export const sigma = z.number().positive().max(1000);

/** References of the statistics that compare sorted samples; the first is the paper's. */
export const sampleReferences = ['median', 'mean', 'random', 'all', 'knn'] as const;

/** References of the statistics that describe a patch by numbers; the first is the paper's. */
export const vectorReferences = ['global', 'random', 'all', 'knn'] as const;
