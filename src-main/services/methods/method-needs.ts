import { otherImages } from '../../common/api/other-images.ts';
import type { StoredMethod } from '../../common/api/runs.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { addedBackbone, addedModel } from '../../methods/extractors/added-backbones.ts';
import { knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { systems } from '../../methods/systems.ts';

/** What a method needs besides the image, and its license. */
export interface MethodNeeds {
  needs: string[];
  license: string;
}

const OWN = 'MIT';
const OTHERS = { none: [], normal: ['normal images'], set: ['a set of images'] };

export function methodNeeds(definition: AnyMethod): MethodNeeds {
  const others = OTHERS[otherImages(definition)];
  if ('network' in definition)
    return {
      needs: [`network ${definition.network}, trained elsewhere`, ...others],
      license: addedModel(definition.network)?.record.license ?? 'unknown',
    };
  if (!('extractor' in definition)) return { needs: others, license: OWN };
  const { extractor } = definition;
  const weights =
    addedBackbone(extractor)?.record.license ??
    knownBackbones.find(({ name }) => name === extractor)?.license;
  if (weights === undefined) return { needs: others, license: OWN };
  return { needs: [`model ${extractor}`, ...others], license: `${OWN}, weights ${weights}` };
}

/** The same for a method in the store. Imported maps are matched with the systems of the literature by name. */
export function storedMethodNeeds({ definition, label }: StoredMethod): MethodNeeds {
  if (definition) return methodNeeds(definition);
  const system = systems.find(({ name, paper }) => name === label || paper === label);
  if (system && 'imported' in system)
    return { needs: ['imported maps', ...system.needs], license: system.license };
  return { needs: ['imported maps'], license: 'unknown' };
}
