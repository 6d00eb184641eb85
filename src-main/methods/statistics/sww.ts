import { z } from 'zod';
import { sortedSampleCost } from '../cost-model/patch-costs.ts';
import type { SortedSampleSelection } from '../references/selection.ts';
import { patchSize, sigma, sortedSampleReferences } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Standard deviation of the weights in the patch'),
});

/**
 * Sample-weighted Wasserstein distance (paper, eq. 4). Cost as for FCA.
 *
 * Definition: `fallback/sww.ts`. C++: `native/include/perch/sww.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const sww: Statistic<z.infer<typeof parameters>, SortedSampleSelection> = {
  name: 'sww',
  title: 'SWW: sample-weighted Wasserstein distance',
  references: sortedSampleReferences,
  parameters,
  margin: ({ patchSize: size }) => (size - 1) / 2,
  cost: (features, selection, { patchSize: size }) => sortedSampleCost(features, selection, size),
  async compute(features, selection, chosen, backend, execution) {
    const values =
      selection.kind === 'sorted'
        ? await backend.sww(features, selection.lists, chosen, execution)
        : await backend.swwWithReferences(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
