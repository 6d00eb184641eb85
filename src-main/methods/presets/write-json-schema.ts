import { writeFileSync } from 'node:fs';
import { presetJsonSchema } from './preset-json-schema.ts';

// Writes the schema of preset files: `node src-main/methods/presets/write-json-schema.ts && npm run format`.
writeFileSync(
  new URL('../../../docs/preset.schema.json', import.meta.url),
  `${JSON.stringify(presetJsonSchema(), null, 2)}\n`,
);
