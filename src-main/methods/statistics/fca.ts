import { z } from 'zod';
import { patch, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patch,
  /** Spread of the weight that a position of the patch has in the sum over patches. */
  sigmaP: sigma.default(3),
  /** Smoothing of the matching errors inside the patch; 0 for none. */
  sigmaS: z.number().min(0).max(1000).default(1),
});

/** Feature Correspondence Analysis (paper, eq. 5 and 6). Cost O(C H W T^2). */
export const fca: Statistic<z.infer<typeof parameters>> = {
  name: 'fca',
  title: 'FCA: feature correspondence analysis (paper)',
  references: ['median'],
  parameters,
  async compute(features, reference, chosen, core, execution) {
    const values = await core.fca(features, reference, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
