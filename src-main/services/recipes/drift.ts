import type { CalibrationRecord, Drift, Recipe, ScoredImage } from '../../common/api/recipes.ts';
import { controlAlarms } from '../../common/decisions/control-chart.ts';
import { decide } from '../../common/decisions/decide.ts';
import { calibrates } from '../../common/decisions/known-scores.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { scoreClass } from './score-class.ts';

/**
 * Control charts of a dataset's classes that a calibrated recipe decides. The points are the images that did
 * not calibrate, in inspection order. Labeled defective images are points, but raise no alarm, because a
 * person has explained them.
 */
export async function driftOf(
  context: { store: Store; engine: EngineClient },
  dataset: number,
  signal: AbortSignal,
): Promise<Drift[]> {
  context.store.datasets.get(dataset);
  const charts: Drift[] = [];
  for (const recipe of context.store.recipes.list()) {
    const { calibration, thresholds } = recipe.latest.definition;
    if (!calibration?.goodScores || !thresholds) continue;
    for (const use of recipe.uses)
      if (use.dataset === dataset)
        charts.push(await chartOf(context, recipe, calibration, use.textureClass, dataset, signal));
  }
  return charts;
}

async function chartOf(
  context: { store: Store; engine: EngineClient },
  recipe: Recipe,
  calibration: CalibrationRecord,
  textureClass: string,
  dataset: number,
  signal: AbortSignal,
): Promise<Drift> {
  const { definition, revision } = recipe.latest;
  let images: ScoredImage[] = [];
  for await (const event of scoreClass(context, { dataset, textureClass, definition }, signal))
    if (event.type === 'scores') ({ images } = event);
  const calibratedAt = timeOf(context.store, recipe, calibration);
  const points = images
    .flatMap((image) => {
      if (image.score === null || (image.label === 'good' && didCalibrate(image, calibration, calibratedAt)))
        return [];
      const { decision } = decide(image, definition);
      return { ...image, score: image.score, decision };
    })
    .sort((a, b) =>
      a.inspectedAt < b.inspectedAt ? -1 : a.inspectedAt > b.inspectedAt ? 1 : a.result - b.result,
    );
  const { min: low, median: center, max: high } = calibration.goodScores ?? { min: 0, median: 0, max: 0 };
  return {
    textureClass,
    recipe: recipe.id,
    revision,
    center,
    low,
    high,
    points: points.map(({ image, inspectedAt: at, score, decision }) => ({ image, at, score, decision })),
    alarms: controlAlarms(
      points.filter(({ label }) => label !== 'defective'),
      calibration,
    ),
  };
}

/** Whether a good image existed when the recipe was calibrated. */
function didCalibrate(image: ScoredImage, { source }: CalibrationRecord, calibratedAt: string): boolean {
  return calibrates(image, source) && image.inspectedAt <= calibratedAt;
}

/** The time of the recipe's calibration. Later revisions may have kept it. */
function timeOf(store: Store, recipe: Recipe, { imagesSha256 }: CalibrationRecord): string {
  const first = store.recipes
    .listRevisions(recipe.id)
    .find(({ definition }) => definition.calibration?.imagesSha256 === imagesSha256);
  return first?.at ?? recipe.latest.at;
}
