import { z } from 'zod';
import { patchCoreMethod, baselineMethod, method, type AnyMethod } from '../../common/api/schemas.ts';

/** A method with all its parameters, under a name. */
export interface Preset {
  name: string;
  /** One line for choosers. */
  title: string;
  method: AnyMethod;
}

/**
 * A preset as a JSON file holds it; strict, so that a misspelt word is refused and not passed over. What the parts are
 * called is checked where the method is used. `docs/preset.schema.json` is made of this.
 */
export const presetFile = z.strictObject({
  $schema: z.string().optional().describe('Address of this schema, for editors.'),
  title: z.string().default('').describe('One line that says what it is.'),
  method: z
    .union([
      z.strictObject(method.shape),
      z.strictObject(baselineMethod.shape),
      z.strictObject(patchCoreMethod.shape),
    ])
    .describe('Extractor, statistic and reference; or a whole-image baseline; or PatchCore with its bank.'),
});

/** The schema of the one kind of method that was meant: its reasons are told, not that no kind fits. */
export function schemaMeant(given: unknown): z.ZodType<AnyMethod> {
  const has = (key: string) => typeof given === 'object' && given !== null && key in given;
  if (has('baseline')) return z.strictObject(baselineMethod.shape);
  return z.strictObject((has('coresetRatio') ? patchCoreMethod : method).shape);
}
