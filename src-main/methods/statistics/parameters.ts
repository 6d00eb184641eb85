import { z } from 'zod';

/** Patch side T in feature positions (paper, 3.4: 9 at full resolution). */
export const patch = z
  .int()
  .min(3)
  .max(31)
  .refine((side) => side % 2 === 1, 'must be odd')
  .default(9);

/** A standard deviation in feature positions. */
export const sigma = z.number().positive().max(1000);
