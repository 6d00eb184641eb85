import { z } from 'zod';
import { descriptorCost } from '../cost-model/patch-costs.ts';
import type { DescriptorSelection } from '../references/selection.ts';
import { descriptorReferences, patchSize, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const MOMENTS = 4;

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Standard deviation of the weights in the patch'),
});

/**
 * The first four moments of each channel (paper, eq. 2). Cost O(C H W T); with `knn` O(C (H W)^2) in addition.
 *
 * Definition: `fallback/moments.ts`. C++: `native/include/perch/moments.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const moments: Statistic<z.infer<typeof parameters>, DescriptorSelection> = {
  name: 'moments',
  title: 'Moments: weighted means of the first four powers',
  references: descriptorReferences,
  parameters,
  cost: (features, selection, { patchSize: size }) => descriptorCost(features, selection, size, MOMENTS),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.moments(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
