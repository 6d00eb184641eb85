import { z } from 'zod';
import { presetFile } from './preset.ts';

/** The JSON schema of preset files (`docs/preset.schema.json`). Keys with defaults are optional. */
export function presetJsonSchema(): object {
  return { title: 'Perch method preset', ...z.toJSONSchema(presetFile, { io: 'input' }) };
}
