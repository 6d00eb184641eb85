import { z } from 'zod';
import { patch, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patch,
  /** Spread of the weight that a position of the patch has in its score. */
  sigma: sigma.default(6),
});

/** Sample-weighted Wasserstein distance (paper, eq. 4). Cost O(C H W T^2). */
export const sww: Statistic<z.infer<typeof parameters>> = {
  name: 'sww',
  title: 'SWW: sample-weighted Wasserstein distance',
  references: ['median'],
  parameters,
  async compute(features, reference, chosen, core, execution) {
    const values = await core.sww(features, reference, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
