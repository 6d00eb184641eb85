import { PerchError } from '../../common/api/errors.ts';
import type { CalibrationLabel, Recipe, ScoredImage, ScoreEvent } from '../../common/api/recipes.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { storeMethod } from '../methods/store-method.ts';
import type { Services } from '../types.ts';
import { calibrationLabels } from './calibration-labels.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import { inspectImages } from './inspect-images.ts';
import { scoreClass } from './score-class.ts';

export interface CalibrationContext {
  store: Store;
  engine: EngineClient;
  runs: Services['runs'];
}

/** A class that a recipe decides. */
export interface DecidedClass {
  recipe: Recipe;
  dataset: number;
  textureClass: string;
}

interface Progress {
  type: 'progress';
  done: number;
  total: number;
}

/**
 * The scores of selected images of a class by a recipe's latest revision. Inspects those that have no result.
 *
 * @param isWanted selects images by their label
 * @throws PerchError `INVALID_ARGUMENT` if the recipe does not decide the class, or an image has no score; `MODEL_UNUSABLE` if
 * images must be inspected and the installed model is not the recipe's; errors from the inspections
 */
export async function* scoreKnown(
  { store, engine, runs }: CalibrationContext,
  { recipe, dataset, textureClass }: DecidedClass,
  isWanted: (label: CalibrationLabel, split: StoredImage['split']) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Progress, ScoredImage[], void> {
  const { definition } = recipe.latest;
  assertDecides(recipe, dataset, textureClass);
  const scoring = () => scoreClass({ store, engine }, { dataset, textureClass, definition }, signal);
  let scores = yield* lastOf(scoring());
  const labelOf = calibrationLabels(store, dataset);
  const missing = scores.missing.filter((id) => {
    const image = store.images.get(id);
    return isWanted(labelOf(image).label, image.split);
  });
  if (missing.length > 0) {
    assertModel(recipe);
    const method = (await storeMethod(store, definition.method)).id;
    for await (const progress of inspectImages(
      runs,
      { dataset, textureClass, method, images: missing },
      signal,
    ))
      yield { type: 'progress', ...progress };
    scores = yield* lastOf(scoring());
  }
  const wanted = scores.images.filter(({ label, split }) => isWanted(label, split));
  const without = wanted.find(({ score }) => score === null);
  if (without)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${store.images.get(without.image).name} has no score: no region of it can be as large as the size limits of ` +
        `"${recipe.name}" require. Lower the size limits, or enlarge the inspection region.`,
    );
  return wanted;
}

/** Passes progress on and returns the scores. */
async function* lastOf(
  events: AsyncIterable<ScoreEvent>,
): AsyncGenerator<Progress, ScoreEvent & { type: 'scores' }, void> {
  for await (const event of events) {
    if (event.type === 'scores') return event;
    yield event;
  }
  throw new Error('Scoring a class ends with its scores.');
}

function assertDecides({ name, uses }: Recipe, dataset: number, textureClass: string): void {
  if (uses.some((use) => use.dataset === dataset && use.textureClass === textureClass)) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The recipe "${name}" does not decide the class "${textureClass}". Assign it to the class first.`,
  );
}

function assertModel({ name, latest: { definition } }: Recipe): void {
  if (modelSha256Of(definition.method) === definition.modelSha256) return;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `The installed model is not the one of the recipe "${name}", so its scores would differ. Import that model, or set the ` +
      "recipe's method again.",
  );
}
