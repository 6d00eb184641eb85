import { z } from 'zod';
import { gaussianBlur } from '../../../common/maps/gaussian-blur.ts';
import { descriptorCost } from '../../cost-model/patch-costs.ts';
import { compareDescriptors } from '../../fallback/compare-descriptors.ts';
import type { DescriptorSelection } from '../../references/selection.ts';
import { descriptorReferences, patchSize, sigma } from '../parameters.ts';
import type { Statistic } from '../statistic.ts';

const parameters = z.strictObject({
  patchSize,
  sigma: sigma.default(6).describe('Standard deviation of the weights in the patch'),
});

/** The worked example of CONTRIBUTING: the absolute difference of the weighted means of patches, averaged over channels. */
export const meanDifference: Statistic<z.infer<typeof parameters>, DescriptorSelection> = {
  name: 'mean-difference',
  title: 'Mean difference: absolute difference of local means',
  references: descriptorReferences,
  parameters,
  cost: (features, selection, chosen) => descriptorCost(features, selection, chosen.patchSize, 1),
  async compute(features, selection, chosen, _backend, execution) {
    const { channels, height, width } = features;
    const means = gaussianBlur(features, {
      radius: (chosen.patchSize - 1) / 2,
      sigma: chosen.sigma,
      border: 'reflect',
    });
    const planes = Array.from({ length: channels }, (_, c) =>
      Float64Array.from(means.subarray(c * height * width, (c + 1) * height * width)),
    );
    const map = await compareDescriptors(planes, features, selection, Math.abs, execution);
    return { values: Float32Array.from(map, (sum) => sum / channels), height, width };
  },
};
