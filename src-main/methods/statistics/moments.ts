import { z } from 'zod';
import { vectorEstimate } from '../cost-model/patch-costs.ts';
import type { VectorSelection } from '../references/selection.ts';
import { patchSize, sigma, vectorReferences } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const ORDERS = 4;

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Spread of the weight that a position of the patch has'),
});

/** The first four moments of each channel (paper, eq. 2). Cost O(C H W T); with `knn` O(C (H W)^2) more. */
export const moments: Statistic<z.infer<typeof parameters>, VectorSelection> = {
  name: 'moments',
  title: 'Moments: weighted means of the first four powers',
  references: vectorReferences,
  parameters,
  estimate: (features, selection, chosen) => vectorEstimate(features, selection, chosen.patchSize, ORDERS),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.moments(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
