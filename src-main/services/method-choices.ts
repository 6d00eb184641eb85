import type { Method, MethodChoices } from '../api/schemas.ts';
import { availableExtractors, extractors, references, statistics } from '../methods/registry.ts';

/** The method that is used where none is chosen: the embedded extractor with FCA, T = 9, as the paper at full size. */
export const standardMethod: Method = {
  extractor: extractors[0].name,
  statistic: statistics[0].name,
  reference: statistics[0].references[0],
  patch: 9,
};

/** What a method can be built from. */
export function methodChoices(): MethodChoices {
  return {
    extractors: availableExtractors().map(({ name, title }) => ({ name, title })),
    statistics: statistics.map(({ name, title, references }) => ({
      name,
      title,
      references: [...references],
    })),
    references: references.map(({ name, title }) => ({ name, title })),
    standard: standardMethod,
  };
}
