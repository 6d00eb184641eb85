import { z } from 'zod';
import { vectorEstimate } from '../cost-model/patch-costs.ts';
import type { VectorSelection } from '../references/selection.ts';
import { patchSize, sigma, vectorReferences } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Spread of the weight that a position of the patch has'),
  bins: z
    .int()
    .min(2)
    .max(256)
    .default(10)
    .describe('Bins a channel, over the range of its values in the image'),
});

/** Histograms of each channel and their earth mover's distance (paper, eq. 3). Cost O(C bins H W T); with `knn` O(C bins (H W)^2) more. */
export const histogram: Statistic<z.infer<typeof parameters>, VectorSelection> = {
  name: 'histogram',
  title: "Histogram: earth mover's distance of local histograms",
  references: vectorReferences,
  parameters,
  estimate: (features, selection, chosen) =>
    vectorEstimate(features, selection, chosen.patchSize, chosen.bins - 1),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.histogram(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
