import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recipeJsonSchema } from './recipe-json-schema.ts';

it('matches docs/recipe.schema.json (node src-main/services/recipes/write-json-schema.ts && npm run format)', () => {
  const file = readFileSync(new URL('../../../docs/recipe.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(recipeJsonSchema());
});
