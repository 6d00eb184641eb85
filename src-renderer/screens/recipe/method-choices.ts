import { otherImages } from '../../../src-main/common/api/other-images.ts';
import type { Preset, StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod } from '../../../src-main/common/api/schemas.ts';

/** The methods that a recipe can have. */
export interface MethodChoices {
  /** Definitions by name. */
  readonly byName: ReadonlyMap<string, AnyMethod>;
  /** Number of methods left out because they compare the images of a set, and a recipe inspects single images. */
  readonly leftOut: number;
}

/** The usable presets, then the stored methods. */
export function methodChoices(presets: readonly Preset[], stored: readonly StoredMethod[]): MethodChoices {
  const byName = new Map<string, AnyMethod>();
  for (const { name, definition, missing } of presets)
    if (missing === undefined) byName.set(name, definition);
  for (const { label, definition } of stored) if (definition) byName.set(label, definition);
  const single = [...byName].filter(([, definition]) => otherImages(definition) !== 'set');
  return { byName: new Map(single), leftOut: byName.size - single.length };
}
