import { writeFileSync } from 'node:fs';
import { ruleJsonSchema } from '../src-main/common/grading/rule-json-schema.ts';

// Writes the schema of grading rules: `node docs/make-rule-schema.ts && npm run format`.
writeFileSync(
  new URL('grading-rule.schema.json', import.meta.url),
  `${JSON.stringify(ruleJsonSchema(), null, 2)}\n`,
);
