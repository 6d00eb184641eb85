import type { EngineClient } from '../../engine/client/engine-client.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import { storeMethod } from '../methods/store-method.ts';
import { summarizeImportedMaps } from '../regions/imported-maps.ts';
import type { Services } from '../types.ts';
import { assignRecipe, removeRecipe } from './assign-recipe.ts';
import { calibrateRecipe } from './calibrate.ts';
import { createRecipe } from './create-recipe.ts';
import { decideDataset } from './decide-dataset.ts';
import { driftOf } from './drift.ts';
import { importRecipe } from './import-recipe.ts';
import { lockRecipe, unlockRecipe } from './lock-recipe.ts';
import { writeRecipeFile } from './recipe-file.ts';
import { assertUnlocked, nextDefinition, reviseRecipe } from './revise-recipe.ts';
import { scoreClass } from './score-class.ts';
import { validateRecipe } from './validate.ts';

/** The procedures for recipes, which an inspection line loads to decide images. */
export function openRecipes(store: Store, engine: EngineClient, runs: Services['runs']): Services['recipes'] {
  const context = { store, engine, runs };
  return {
    list: () => ({ recipes: store.recipes.list() }),
    get: ({ recipe }) => ({
      recipe: store.recipes.get(recipe),
      revisions: store.recipes.listRevisions(recipe),
    }),
    async create(wishes) {
      const recipe = createRecipe(store, wishes);
      await storeMethod(store, recipe.latest.definition.method);
      return recipe;
    },
    async revise(revising, signal) {
      const recipe = reviseRecipe(store, revising);
      await storeMethod(store, recipe.latest.definition.method);
      const datasets = new Set(recipe.uses.map(({ dataset }) => dataset));
      for (const dataset of datasets) await summarizeImportedMaps(store, dataset, signal);
      return recipe;
    },
    rename({ recipe, name }) {
      assertUnlocked(store.recipes.get(recipe));
      store.recipes.rename(recipe, name);
      return store.recipes.get(recipe);
    },
    lock: ({ recipe, author }) => lockRecipe(store, recipe, author),
    unlock: ({ recipe, author, reason }) => unlockRecipe(store, recipe, author, reason),
    assign(assignment, signal) {
      assignRecipe(store, assignment);
      return summarizeImportedMaps(store, assignment.dataset, signal);
    },
    remove: ({ recipe }) => removeRecipe(store, recipe),
    export: ({ recipe }) => writeRecipeFile(store.recipes.get(recipe), store.recipes.listRevisions(recipe)),
    async import({ content, fileName }) {
      const recipe = importRecipe(store, content, fileName);
      await storeMethod(store, recipe.latest.definition.method);
      return recipe;
    },
    markGood({ image, good, author }) {
      store.images.get(image);
      if (good) store.calibrationMarks.add(image, author);
      else actAs(author, () => store.calibrationMarks.remove(image));
    },
    marks({ dataset }) {
      store.datasets.get(dataset);
      return { images: store.calibrationMarks.list(dataset) };
    },
    async *scores({ recipe, dataset, textureClass, draft = {} }, signal) {
      const definition = nextDefinition(store.recipes.get(recipe).latest.definition, draft);
      yield* scoreClass(context, { dataset, textureClass, definition }, signal);
    },
    calibrate: (calibrating, signal) => calibrateRecipe(context, calibrating, signal),
    validate: (validating, signal) => validateRecipe(context, validating, signal),
    decisions: async ({ dataset }, signal) => ({
      decisions: await decideDataset(context, dataset, signal),
    }),
    drift: async ({ dataset }, signal) => ({ classes: await driftOf(context, dataset, signal) }),
  };
}
