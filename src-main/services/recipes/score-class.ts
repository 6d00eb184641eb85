import { PerchError } from '../../common/api/errors.ts';
import type { ScoreEvent } from '../../common/api/recipes.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { calibrationLabels } from './calibration-labels.ts';
import { hasOtherNormalImages } from './normal-images.ts';
import { listResults, type ScoredClass, scoreResults } from './score-results.ts';

/**
 * Scores a class's images, including training images. The last event has the scores, in dataset order.
 *
 * @throws PerchError `NOT_FOUND` if there is no such class; errors from reading a map
 */
export async function* scoreClass(
  context: { store: Store; engine: EngineClient },
  scored: ScoredClass,
  signal: AbortSignal,
): AsyncGenerator<ScoreEvent, void, void> {
  const { store } = context;
  const { dataset, textureClass } = scored;
  assertClasses(store, dataset, [textureClass]);
  const results = listResults(store, scored);
  const scoring = scoreResults(context, scored, results, signal);
  let step = await scoring.next();
  for (; !step.done; step = await scoring.next()) yield { type: 'progress', ...step.value };
  const { byResult: scores, unreadable } = step.value;
  for (const { code, message, hint } of unreadable.values())
    throw new PerchError(code, message, undefined, hint);
  const resultOf = new Map(results.map((result) => [result.image, result]));
  const labelOf = calibrationLabels(store, dataset);
  const event: ScoreEvent & { type: 'scores' } = {
    type: 'scores',
    images: [],
    missing: [],
    otherNormalImages: hasOtherNormalImages(store, scored, scored.definition),
  };
  for (const image of store.images.listByClass(dataset, textureClass)) {
    const result = resultOf.get(image.id);
    const score = result && scores.get(result.id);
    if (!score) {
      event.missing.push(image.id);
      continue;
    }
    const { result: id, ...scoring } = score;
    const { split } = image;
    event.images.push({
      image: image.id,
      result: id,
      ...scoring,
      ...labelOf(image),
      split,
      inspectedAt: result.createdAt,
    });
  }
  yield event;
}
