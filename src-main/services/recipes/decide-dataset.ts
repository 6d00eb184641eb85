import type { ImageDecision } from '../../common/api/recipes.ts';
import { decide } from '../../common/decisions/decide.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { hasOtherNormalImages } from './normal-images.ts';
import { listResults, scoreResults } from './score-results.ts';

/** The decisions on a dataset's images that have a current result, by the recipes of its classes. */
export async function decideDataset(
  context: { store: Store; engine: EngineClient },
  dataset: number,
  signal: AbortSignal,
): Promise<ImageDecision[]> {
  const { store } = context;
  store.datasets.get(dataset);
  const decisions: ImageDecision[] = [];
  for (const [textureClass, recipe] of store.recipes.listAssigned(dataset)) {
    const { revision, definition } = store.recipes.get(recipe).latest;
    const scored = { dataset, textureClass, definition };
    const results = listResults(store, scored);
    const isOutdated = hasOtherNormalImages(store, scored, definition);
    const { byResult, unreadable } = await finish(scoreResults(context, scored, results, signal));
    for (const { id, image, map } of results) {
      const decided = { image, result: id, map, recipe, revision };
      const score = byResult.get(id);
      const error = unreadable.get(id);
      if (score && isOutdated) {
        const reason = { type: 'other-normal-images' } as const;
        decisions.push({ ...decided, score: score.score, decision: null, reason });
      } else if (score) decisions.push({ ...decided, score: score.score, ...decide(score, definition) });
      else if (error) {
        const reason = { type: 'unreadable-map', message: error.message } as const;
        decisions.push({ ...decided, score: null, decision: null, reason });
      }
    }
  }
  return decisions;
}

/** Runs a generator to its end. */
async function finish<Result>(steps: AsyncGenerator<unknown, Result, void>): Promise<Result> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}
