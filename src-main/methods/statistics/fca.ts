import { z } from 'zod';
import { sortedSampleCost } from '../cost-model/patch-costs.ts';
import type { SortedSampleSelection } from '../references/selection.ts';
import { patchSize, sigmaP, sigmaS, sortedSampleReferences } from './parameters.ts';
import type { Statistic } from './statistic.ts';

/** Operations to add the matching error of a sample to the map, per position of the patch. */
const OPS_PER_SCATTERED_ERROR = 2;

const parameters = z.strictObject({ patchSize, sigmaP, sigmaS });

/**
 * Feature Correspondence Analysis (paper, eq. 5 and 6). Cost O(C H W T^2) with one reference and k times that with k;
 * `knn` first compares all patches, O(C T^2 (H W)^2), and `all` sorts them, O(C T^2 H W log(H W)).
 *
 * Definition: `fallback/fca.ts`. C++: `native/include/perch/fca.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const fca: Statistic<z.infer<typeof parameters>, SortedSampleSelection> = {
  name: 'fca',
  title: 'FCA: feature correspondence analysis (paper)',
  references: sortedSampleReferences,
  parameters,
  margin: ({ patchSize: size }) => size - 1,
  cost: (features, selection, { patchSize: size }) =>
    sortedSampleCost(features, selection, size, OPS_PER_SCATTERED_ERROR * size ** 2),
  async compute(features, selection, chosen, backend, execution) {
    const values =
      selection.kind === 'sorted'
        ? await backend.fca(features, selection.lists, chosen, execution)
        : await backend.fcaWithReferences(features, selection, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
