import { z } from 'zod';
import { sampleEstimate } from '../cost-model/patch-costs.ts';
import type { SampleSelection } from '../references/selection.ts';
import { patchSize, sampleReferences, sigma } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Spread of the weight that a position of the patch has in its score'),
});

/** Sample-weighted Wasserstein distance (paper, eq. 4). Cost as for FCA. */
export const sww: Statistic<z.infer<typeof parameters>, SampleSelection> = {
  name: 'sww',
  title: 'SWW: sample-weighted Wasserstein distance',
  references: sampleReferences,
  parameters,
  estimate: (features, selection, chosen) => sampleEstimate(features, selection, chosen.patchSize),
  async compute(features, selection, chosen, backend, execution) {
    const values =
      selection.kind === 'sorted'
        ? await backend.sww(features, selection.lists, chosen, execution)
        : await backend.swwWithReferences(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
