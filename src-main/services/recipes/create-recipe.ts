import { PerchError } from '../../common/api/errors.ts';
import {
  DEFAULT_EDGE_MARGIN,
  DEFAULT_SIZE_LIMITS,
  type Recipe,
  type RecipeDraft,
} from '../../common/api/recipes.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import { isSameScale, type ScaleChoice, scaleChoiceOf, scaleOf } from '../../common/scale.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import { canonicalizeMethod, validateMethod } from '../../methods/validate-method.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { assertNotWatched, setStationRecipe } from './station-recipe.ts';
import { assertRecipeName, definitionSha256, normalizeDefinition } from './check-definition.ts';

/** The initial values of a new recipe. */
export interface NewRecipe extends Pick<RecipeDraft, 'method' | 'sizeLimits' | 'edgeMargin'> {
  name: string;
  dataset: number;
  classes: readonly string[];
  /** Defaults to the scale of the classes. */
  mmPerPixel?: ScaleChoice | undefined;
  author: string;
  reason: string;
}

/**
 * Adds a recipe with its first revision and makes it decide its classes, in one transaction.
 *
 * @throws PerchError `NOT_FOUND`, `CONFLICT` if its name is taken or a station of a class is watched, `INVALID_ARGUMENT`, `UNKNOWN_NAME`,
 * `MODEL_MISSING`
 */
export function createRecipe(store: Store, { name, dataset, author, reason, ...wishes }: NewRecipe): Recipe {
  const { sizeLimits = DEFAULT_SIZE_LIMITS, edgeMargin = DEFAULT_EDGE_MARGIN } = wishes;
  assertRecipeName(name);
  const method = canonicalizeMethod(validateMethod(wishes.method ?? defaultMethod));
  const classes = [...new Set(wishes.classes)];
  return store.transaction(() => {
    assertClasses(store, dataset, classes);
    const mmPerPixel = wishes.mmPerPixel ?? sharedScale(store, dataset, classes);
    const definition = normalizeDefinition({
      classes,
      method,
      modelSha256: modelSha256Of(method),
      sizeLimits,
      edgeMargin,
      mmPerPixel,
      region: sharedRegion(store, dataset, classes),
      thresholds: null,
      regionLimits: { maxCount: null, maxTotalArea: null },
      displayRange: null,
      calibration: null,
    });
    const at = new Date().toISOString();
    const id = store.recipes.add(name, [
      {
        revision: 1,
        author,
        at,
        reason,
        changes: [],
        definition,
        sha256: definitionSha256(definition),
      },
    ]);
    for (const textureClass of classes) {
      assertNotWatched(store, { dataset, textureClass });
      setStationRecipe(store, { dataset, textureClass }, id);
      store.recipes.assign(dataset, textureClass, id);
      if (wishes.mmPerPixel !== undefined) {
        const scale = { scale: scaleOf(wishes.mmPerPixel), source: 'typed', author } as const;
        store.classScales.set(dataset, textureClass, scale);
      }
    }
    return store.recipes.get(id);
  });
}

/** @throws PerchError `INVALID_ARGUMENT` if classes have different regions */
function sharedRegion(store: Store, dataset: number, classes: readonly string[]): InspectionRegion | null {
  const regions = classes.map((textureClass) => store.classRegions.find(dataset, textureClass));
  const other = regions.findIndex((region) => regionSha256(region) !== regionSha256(regions[0]));
  if (other < 0) return regions[0];
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The classes "${classes[0]}" and "${classes[other]}" have different inspection regions, but a recipe has only one. Give them the ` +
      'same region, or create a recipe for each.',
  );
}

/** @throws PerchError `INVALID_ARGUMENT` if classes have different scales */
function sharedScale(store: Store, dataset: number, classes: readonly string[]): ScaleChoice | null {
  const scales = classes.map((textureClass) => store.classScales.find(dataset, textureClass));
  const other = scales.findIndex((scale) => !isSameScale(scale, scales[0]));
  if (other < 0) return scales[0] && scaleChoiceOf(scales[0]);
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The classes "${classes[0]}" and "${classes[other]}" have different scales, but a recipe has only one. Give them the same scale, ` +
      'or create a recipe for each.',
  );
}
