import { PerchError } from '../../common/api/errors.ts';
import { DEFAULT_EDGE_MARGIN, DEFAULT_SIZE_LIMITS, type Recipe } from '../../common/api/recipes.ts';
import type { RollDefects } from '../../common/api/rolls.ts';
import type { Result } from '../../common/api/runs.ts';
import { formatScale, isSameScale } from '../../common/scale.ts';
import type { RegionSizeLimits } from '../../common/maps/split-by-size.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { classThresholds } from '../class-thresholds.ts';
import { listResults } from '../recipes/score-results.ts';

/** The result of a roll whose regions are its defects, and what decides which regions are. */
export interface ChosenResult {
  result: Result;
  recipe: Recipe | null;
  threshold: RollDefects['threshold'];
  limits: RegionSizeLimits;
  notes: string[];
}

/**
 * Chooses the result of a roll: by the given method, by that of the recipe that decides its class, or the latest one. The threshold
 * is the given one, the recipe's review threshold if its method made the result, or that of the class.
 *
 * @throws PerchError `NOT_FOUND` if the roll was not inspected
 */
export function chooseResult(
  store: Store,
  image: StoredImage,
  wishes: { method?: number | undefined; threshold?: number | undefined },
): ChosenResult {
  const { dataset, textureClass } = image;
  const assigned = store.recipes.listAssigned(dataset).get(textureClass);
  const recipe = assigned === undefined ? null : store.recipes.get(assigned);
  const notes: string[] = [];
  const byRecipe = recipe && resultBy(store, image, recipe);
  const isOfRecipe = byRecipe && (wishes.method === undefined || wishes.method === byRecipe.method);
  const result = isOfRecipe ? byRecipe : latestBy(store, image, wishes.method);
  if (!result) throw new PerchError('NOT_FOUND', notInspected(store, image, wishes.method));
  if (recipe && !isOfRecipe && result.current)
    notes.push(`The recipe "${recipe.name}" decides the class, but its method did not make this result.`);
  if (!result.current)
    notes.push('The image or the inspection region has changed since this result. Inspect the roll again.');
  const definition = isOfRecipe ? recipe.latest.definition : null;
  notes.push(...otherScale(store, image.id, recipe));
  const threshold = thresholdOf(store, image, {
    result,
    wished: wishes.threshold,
    recipe: isOfRecipe ? recipe : null,
  });
  if (threshold.source === 'suggested')
    notes.push('The threshold is the suggested one. No recipe and no person has set it.');
  const limits = definition ?? {
    sizeLimits: DEFAULT_SIZE_LIMITS,
    edgeMargin: DEFAULT_EDGE_MARGIN,
    mmPerPixel: null,
  };
  return { result, recipe: isOfRecipe ? recipe : null, threshold, limits, notes };
}

/** A note where a recipe measures its size limits by another scale than that of the roll. */
function otherScale(store: Store, image: number, recipe: Recipe | null): string[] {
  const own = store.rolls.get(image).scale;
  if (!recipe || !own) return [];
  const { mmPerPixel, sizeLimits } = recipe.latest.definition;
  if (mmPerPixel === null || isSameScale(mmPerPixel, own)) return [];
  const limits = sizeLimits.unit === 'mm' ? 'Its size limits are measured by that of the recipe.' : '';
  return [
    `The roll has its own scale, ${formatScale(own)}; the recipe "${recipe.name}" has ${formatScale(mmPerPixel)}. ${limits}`.trim(),
  ];
}

function resultBy(
  store: Store,
  { id, dataset, textureClass }: StoredImage,
  recipe: Recipe,
): Result | undefined {
  const { definition } = recipe.latest;
  return listResults(store, { dataset, textureClass, definition }).find(({ image }) => image === id);
}

function latestBy(
  store: Store,
  { id, dataset }: StoredImage,
  method: number | undefined,
): Result | undefined {
  if (method === undefined) return store.results.findLatest(id);
  return store.results.listByMethod(dataset, method).find(({ image }) => image === id);
}

function notInspected(store: Store, { name }: StoredImage, method: number | undefined): string {
  const by = method === undefined ? '' : ` by "${store.methods.get(method).label}"`;
  return `${name} was not inspected${by} yet.`;
}

function thresholdOf(
  store: Store,
  { dataset, textureClass }: StoredImage,
  { result, wished, recipe }: { result: Result; wished: number | undefined; recipe: Recipe | null },
): RollDefects['threshold'] {
  if (wished !== undefined) return { score: wished, source: 'given' };
  const thresholds = recipe?.latest.definition.thresholds;
  if (thresholds) return { score: thresholds.review, source: 'recipe' };
  const own = store.thresholds
    .listByMethod(dataset, result.method)
    .find((threshold) => threshold.textureClass === textureClass);
  if (own) return { score: own.score, source: 'class' };
  const score = classThresholds(store, dataset, result.method).get(textureClass) ?? result.threshold;
  return { score, source: 'suggested' };
}
