import type { MethodChoices } from '../api/schemas.ts';
import { standardMethod } from '../methods/presets/presets.ts';
import { availableExtractors, references, statistics } from '../methods/registry.ts';

export { standardMethod };

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
