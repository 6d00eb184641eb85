import { writeFileSync } from 'node:fs';
import { messageJsonSchema } from './message-json-schema.ts';

// Writes the schema of decision messages: `node src-main/services/outputs/write-json-schema.ts && npm run format`.
writeFileSync(
  new URL('../../../docs/decision-message.schema.json', import.meta.url),
  `${JSON.stringify(messageJsonSchema(), null, 2)}\n`,
);
