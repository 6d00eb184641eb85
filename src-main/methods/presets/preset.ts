import { z } from 'zod';
import {
  type AnyMethod,
  baselineMethod,
  memoryMethod,
  method,
  networkMethod,
  patchCoreMethod,
  setMethod,
} from '../../common/api/schemas.ts';

/** A named method. */
export interface Preset {
  name: string;
  /** One line for lists of choices. */
  title: string;
  method: AnyMethod;
}

/**
 * The contents of a preset file (JSON). The schema is strict, so that misspelled keys are errors. Component names are validated
 * when the method is used. `docs/preset.schema.json` is generated from this schema.
 */
export const presetFile = z.strictObject({
  $schema: z.string().optional().describe('URL of this schema, for editors.'),
  title: z.string().default('').describe('One-line description.'),
  method: z
    .union([
      z.strictObject(method.shape),
      z.strictObject(baselineMethod.shape),
      z.strictObject(patchCoreMethod.shape),
      z.strictObject(memoryMethod.shape),
      z.strictObject(setMethod.shape),
      z.strictObject(networkMethod.shape),
    ])
    .describe(
      'Extractor, statistic and reference; or a whole-image baseline; or PatchCore with its coreset ratio; or an extractor with a ' +
        'comparison with a memory of normal images or within a set; or an imported network.',
    ),
});

/**
 * The schema for the kind of method that the keys of `input` indicate. Its error messages are more specific than those of the
 * union of all kinds.
 */
export function schemaFor(input: unknown): z.ZodType<AnyMethod> {
  const has = (key: string) => typeof input === 'object' && input !== null && key in input;
  if (has('baseline')) return z.strictObject(baselineMethod.shape);
  if (has('network')) return z.strictObject(networkMethod.shape);
  if (has('memory')) return z.strictObject(memoryMethod.shape);
  if (has('set')) return z.strictObject(setMethod.shape);
  return z.strictObject((has('coresetRatio') ? patchCoreMethod : method).shape);
}
