import type { ComponentOption, MethodOptions } from '../../common/api/schemas.ts';
import type { Extractor } from '../../methods/extractors/extractor.ts';
import type { Reference } from '../../methods/references/reference.ts';
import { normalReferencesOf } from '../../methods/references/normal-reference.ts';
import { defaultMethod } from '../../methods/presets/presets.ts';
import { parametersOf } from '../../methods/statistics/statistic.ts';
import { comparisons } from '../../methods/set-statistics/registry.ts';
import { availableExtractors, references, statistics } from '../../methods/registry.ts';

export { defaultMethod };

const componentChoice = ({ name, title, parameters = [] }: Extractor | Reference): ComponentOption => ({
  name,
  title,
  parameters: [...parameters],
});

const patchCore: MethodOptions['comparisons'][number] = {
  name: 'patchcore',
  title: 'PatchCore: a memory bank of normal images',
  otherImages: 'normal',
  parameters: [
    {
      name: 'coresetRatio',
      description: 'Fraction of the normal patches in the memory bank',
      default: 0.1,
      minimum: 0,
      maximum: 1,
      integer: false,
      exclusiveMinimum: true,
    },
  ],
};

/** The components that a method can be built from. */
export function methodOptions(): MethodOptions {
  return {
    extractors: availableExtractors().map(componentChoice),
    statistics: statistics.map((statistic) => ({
      name: statistic.name,
      title: statistic.title,
      references: [...statistic.references],
      normalReferences: normalReferencesOf(statistic),
      parameters: parametersOf(statistic),
    })),
    references: references.map(componentChoice),
    comparisons: [
      ...comparisons.map((comparison) => ({
        name: comparison.name,
        title: comparison.title,
        otherImages: comparison.otherImages,
        parameters: parametersOf(comparison),
      })),
      patchCore,
    ],
    default: defaultMethod,
  };
}
