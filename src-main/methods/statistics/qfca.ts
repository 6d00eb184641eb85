import { z } from 'zod';
import { levelCost } from '../cost-model/patch-costs.ts';
import type { SortedReference } from '../references/selection.ts';
import { patchSize, sigmaP, sigmaS } from './parameters.ts';
import type { Statistic } from './statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigmaP,
  sigmaS,
  levels: z
    .int()
    .min(2)
    .max(128)
    .default(96)
    .describe('Levels per channel; more are closer to FCA and take longer'),
});

/**
 * Quantized FCA (Ardelean et al. 2025): FCA whose cost hardly depends on T. Cost O(C H W levels).
 *
 * Definition: `fallback/qfca.ts`. C++: `native/include/perch/qfca.hpp`. Binding: `native/binding/statistics.cpp`.
 */
export const qfca: Statistic<z.infer<typeof parameters>, SortedReference> = {
  name: 'qfca',
  title: 'QFCA: FCA with quantized values, for large patches',
  references: ['median', 'mean'],
  parameters,
  cost: (features, _, { patchSize: size, levels }) => levelCost(features, size, levels),
  async compute(features, selection, chosen, backend, execution) {
    const values = await backend.qfca(features, selection.lists, chosen, execution);
    return { values, height: features.height, width: features.width };
  },
};
