import { z } from 'zod';
import { vectorEstimate } from '../cost-model/patch-costs.ts';
import type { Selection } from '../references/selection.ts';
import { patchSize, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma
    .default(100)
    .describe('Spread of the weight that a position of the patch has: nearly the plain mean'),
});

/**
 * Aota et al., the paper's baseline: mean squared distance of a patch's mean to its nearest ones, k = 400. The map is of the
 * distances; for images it is then resized and blurred at their size. Cost O(C (H W)^2), memory 4 C H W bytes.
 */
export const aota: Statistic<z.infer<typeof parameters>, Extract<Selection, { kind: 'nearest' }>> = {
  name: 'aota',
  title: 'Aota et al.: distance of means to the nearest ones',
  references: ['knn'],
  parameters,
  finish: { side: 25, sigma: 4 },
  estimate: (features, selection, chosen) => vectorEstimate(features, selection, chosen.patchSize, 1),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.knnMeanDistances(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
