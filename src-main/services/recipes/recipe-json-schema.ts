import { z } from 'zod';
import { recipeFile } from '../../common/api/recipes.ts';

/** The JSON schema of recipe files (`docs/recipe.schema.json`). */
export function recipeJsonSchema(): object {
  return {
    title: 'Perch recipe',
    description:
      'A recipe with all its revisions. Its sha256 is the SHA-256 of the canonical JSON (sorted keys, no white space) of ' +
      "everything else in the file; a revision's sha256 is that of its definition.",
    ...z.toJSONSchema(recipeFile),
  };
}
