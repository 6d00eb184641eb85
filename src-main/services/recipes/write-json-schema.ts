import { writeFileSync } from 'node:fs';
import { recipeJsonSchema } from './recipe-json-schema.ts';

// Writes the schema of recipe files: `node src-main/services/recipes/write-json-schema.ts && npm run format`.
writeFileSync(
  new URL('../../../docs/recipe.schema.json', import.meta.url),
  `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`,
);
