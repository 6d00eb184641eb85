import type { ComponentOption, MethodOptions } from '../../common/api/schemas.ts';
import type { Extractor } from '../../methods/extractors/extractor.ts';
import type { Reference } from '../../methods/references/reference.ts';
import { defaultMethod } from '../../methods/presets/presets.ts';
import { parametersOf } from '../../methods/statistics/statistic.ts';
import { availableExtractors, references, statistics } from '../../methods/registry.ts';

export { defaultMethod };

const componentChoice = ({ name, title, parameters = [] }: Extractor | Reference): ComponentOption => ({
  name,
  title,
  parameters: [...parameters],
});

/** The components that a method can be built from. */
export function methodOptions(): MethodOptions {
  return {
    extractors: availableExtractors().map(componentChoice),
    statistics: statistics.map((statistic) => ({
      name: statistic.name,
      title: statistic.title,
      references: [...statistic.references],
      parameters: parametersOf(statistic),
    })),
    references: references.map(componentChoice),
    default: defaultMethod,
  };
}
