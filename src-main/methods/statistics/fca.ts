import { z } from 'zod';
import { sampleEstimate } from '../cost-model/patch-costs.ts';
import type { SampleSelection } from '../references/selection.ts';
import { patchSize, sampleReferences, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

/** Work of spreading the matching error of a sample over its patch, in operations for each position of the patch. */
const MATCHING = 2;

const parameters = z.strictObject({
  patchSize,
  sigmaP: sigma
    .default(3)
    .describe('Spread of the weight that a position of the patch has in the sum over patches'),
  sigmaS: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .describe('Smoothing of the matching errors inside the patchSize; 0 for none'),
});

/**
 * Feature Correspondence Analysis (paper, eq. 5 and 6). Cost O(C H W T^2) with one reference, k times that with k;
 * `knn` compares all windows first, O(C T^2 (H W)^2), and `all` sorts them, O(C T^2 H W log(H W)).
 */
export const fca: Statistic<z.infer<typeof parameters>, SampleSelection> = {
  name: 'fca',
  title: 'FCA: feature correspondence analysis (paper)',
  references: sampleReferences,
  parameters,
  estimate: (features, selection, chosen) =>
    sampleEstimate(features, selection, chosen.patchSize, MATCHING * chosen.patchSize ** 2),
  async compute(features, selection, chosen, backend, execution) {
    const values =
      selection.kind === 'sorted'
        ? await backend.fca(features, selection.lists, chosen, execution)
        : await backend.fcaWithReferences(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
