import { setImmediate } from 'node:timers/promises';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { CalibrationRule, Recipe, ValidateEvent } from '../../common/api/recipes.ts';
import { calibrationProblemText } from '../../common/decisions/calibration-problem.ts';
import { knownScores } from '../../common/decisions/known-scores.ts';
import { validateBySplits } from '../../common/decisions/split-validation.ts';
import { mulberry32, sampleIndices } from '../../methods/prng.ts';
import { type CalibrationContext, scoreKnown } from './score-known.ts';

interface Validating {
  recipe: number;
  dataset: number;
  textureClass: string;
  splits: number;
  calibrating?: number | undefined;
  rule?: CalibrationRule | undefined;
  seed: number;
}

/** Number of splits between two progress reports. */
const STEP = 50;

/**
 * Estimates the rates on new images: repeats the calibration on random parts of a class's labeled images and
 * decides the others. Uses training and test images, and inspects labeled images that have no result. Does
 * not change the recipe.
 *
 * @throws PerchError `INVALID_ARGUMENT` if too few images are labeled; errors from `scoreKnown`
 */
export async function* validateRecipe(
  context: CalibrationContext,
  { recipe: id, dataset, textureClass, splits, seed, ...wishes }: Validating,
  signal: AbortSignal,
): AsyncGenerator<ValidateEvent, void, void> {
  const recipe = context.store.recipes.get(id);
  const rule = wishes.rule ?? ruleOf(recipe);
  const source = otherImages(recipe.latest.definition.method) === 'normal' ? 'test' : 'all';
  const images = yield* scoreKnown(
    context,
    { recipe, dataset, textureClass },
    (label, split) => label !== 'unknown' && (source === 'all' || split === source),
    signal,
  );
  const known = knownScores(images, source);
  const { calibrating = Math.max(1, Math.floor(known.good.length / 2)) } = wishes;
  if (calibrating > known.good.length)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${calibrating} good images cannot calibrate, because only ${known.good.length} are labeled.`,
    );
  const uniform = mulberry32(seed);
  const sample = (total: number, count: number) => sampleIndices(total, count, uniform);
  const validating = validateBySplits(known, rule, { splits, calibrating, sample });
  let step = validating.next();
  for (; !step.done; step = validating.next()) {
    if (step.value % STEP !== 0) continue;
    yield { type: 'progress', done: step.value, total: splits };
    await setImmediate();
    signal.throwIfAborted();
  }
  if (!step.value.ok) throw new PerchError('INVALID_ARGUMENT', calibrationProblemText(step.value.problem));
  yield { type: 'validated', validation: step.value.validation };
}

/**
 * The rule that the recipe was calibrated by; no false rejects if there is none or a person set the
 * thresholds.
 */
function ruleOf({ latest: { definition } }: Recipe): CalibrationRule {
  const { rule } = definition.calibration ?? {};
  return rule && rule.type !== 'manual' ? rule : { type: 'false-rejects', rate: 0 };
}
