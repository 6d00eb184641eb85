import { expect, it } from 'vitest';
import { addImages, temporaryStore } from '../../test/store.ts';
import { createRecipe } from '../recipes/create-recipe.ts';
import { examineRecipes } from './examine-recipes.ts';

it('finds changed revisions, and classes whose region is not that of their recipe', async () => {
  const { store, dispose } = temporaryStore();
  expect(examineRecipes(store)).toEqual({ topic: 'recipes', found: 'none yet' });
  const { dataset } = addImages(store, [{}]);
  createRecipe(store, { name: 'Linen', dataset, classes: ['linen'], author: 'Åsa', reason: '' });
  const found = '1, with 1 revision';
  expect(examineRecipes(store)).toEqual({ topic: 'recipes', found });
  store.database
    .prepare("UPDATE recipe_revisions SET definition = json_set(definition, '$.edgeMargin', 5)")
    .run();
  store.classRegions.set(dataset, 'linen', { include: [], exclude: [], border: 1 }, 'Åsa');
  expect(examineRecipes(store)).toEqual({
    topic: 'recipes',
    found,
    problem: expect.stringMatching(/Revision 1 of "Linen".*SHA-256.*"Linen" and its class "linen".*backup/),
  });
  await dispose();
});
