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

/** FCA's weights in the patch. */
export const sigmaP = sigma
  .default(3)
  .describe('Standard deviation of the weights in the patch, in the sum over patches');

/** FCA's smoothing. */
export const sigmaS = z
  .number()
  .min(0)
  .max(1000)
  .default(1)
  .describe('Standard deviation of the smoothing of matching errors inside the patch; 0 for none');

/** References of statistics that compare sorted samples; the paper's comes first. */
export const sortedSampleReferences = ['median', 'mean', 'random', 'all', 'knn'] as const;

/** References of statistics that compare descriptors; the paper's comes first. */
export const descriptorReferences = ['global', 'random', 'all', 'knn'] as const;
