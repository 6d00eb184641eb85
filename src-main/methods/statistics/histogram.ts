import { z } from 'zod';
import { descriptorCost } from '../cost-model/patch-costs.ts';
import type { DescriptorSelection } from '../references/selection.ts';
import { descriptorReferences, patchSize, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Standard deviation of the weights in the patch'),
  bins: z
    .int()
    .min(2)
    .max(256)
    .default(10)
    .describe('Histogram bins per channel, over the range of its values in the image'),
});

/**
 * Histograms of each channel, compared by the earth mover's distance (paper, eq. 3). Cost O(C bins H W T); with `knn`
 * O(C bins (H W)^2) in addition.
 *
 * Definition: `fallback/histogram.ts`. C++: `native/include/perch/histogram.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const histogram: Statistic<z.infer<typeof parameters>, DescriptorSelection> = {
  name: 'histogram',
  title: "Histogram: earth mover's distance of local histograms",
  references: descriptorReferences,
  parameters,
  // The last cumulative sum is 1 everywhere and adds no cost.
  cost: (features, selection, { patchSize: size, bins }) =>
    descriptorCost(features, selection, size, bins - 1),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.histogram(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
