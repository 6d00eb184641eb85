// Revises the region of a recipe and assigns it until it is killed, and reports each revision on stdout. Arguments: HOME, RECIPE, NAME.
import { writeSync } from 'node:fs';
import { PerchError } from '../../../common/api/errors.ts';
import { Store } from '../../../store/store.ts';
import { assignRecipe } from '../assign-recipe.ts';
import { reviseRecipe } from '../revise-recipe.ts';

/** A revision, reported after it was stored. */
export interface RevisionReport {
  revision: number;
  author: string;
  border: number;
}

const [home, recipe, author] = process.argv.slice(2);
const store = new Store(home);
const [{ id: dataset }] = store.datasets.list();

for (let count = 0; ; count++) {
  const { revision: base } = store.recipes.get(Number(recipe)).latest;
  const border = 1 + (count % 5);
  const region = { include: [], exclude: [], border };
  const change = { recipe: Number(recipe), base, author, reason: `${count}`, definition: { region } };
  try {
    const { revision, author: by } = reviseRecipe(store, change).latest;
    if (by === author) writeSync(1, `${JSON.stringify({ revision, author, border })}\n`);
    const classes = ['linen', 'silk'];
    const textureClass = classes[count % 2];
    assignRecipe(store, { dataset, textureClass, recipe: count % 3 === 0 ? null : Number(recipe) });
  } catch (thrown) {
    // The other process was faster.
    if (!(thrown instanceof PerchError && thrown.code === 'CONFLICT')) throw thrown;
  }
}
