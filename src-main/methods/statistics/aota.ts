import { z } from 'zod';
import { descriptorCost } from '../cost-model/patch-costs.ts';
import type { NearestPatches } from '../references/selection.ts';
import { patchSize, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma
    .default(100)
    .describe('Standard deviation of the weights in the patch; the default is close to equal weights'),
});

/**
 * Aota et al., the paper's baseline: mean squared distance of the mean of a patch to the nearest ones, k = 400. The anomaly map
 * is resized to the image and blurred there. Cost O(C (H W)^2), memory 4 C H W bytes.
 *
 * Definition: `fallback/moments.ts`. C++: `native/include/perch/moments.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const aota: Statistic<z.infer<typeof parameters>, NearestPatches> = {
  name: 'aota',
  title: 'Aota et al.: distance of means to the nearest ones',
  references: ['knn'],
  parameters,
  postprocess: { side: 25, sigma: 4 },
  cost: (features, selection, { patchSize: size }) => descriptorCost(features, selection, size, 1),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.knnMeanDistances(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
