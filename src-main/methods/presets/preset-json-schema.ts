import { z } from 'zod';
import { presetFile } from './preset.ts';

/** The JSON schema of preset files, as `docs/preset.schema.json` holds it: what a writer of one may leave out is optional. */
export function presetJsonSchema(): object {
  return { title: 'Perch method preset', ...z.toJSONSchema(presetFile, { io: 'input' }) };
}
