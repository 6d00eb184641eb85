import { createHash } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type {
  CalibrateEvent,
  CalibrationRecord,
  CalibrationRule,
  CalibrationSource,
  RecipeDefinition,
  ScoredImage,
} from '../../common/api/recipes.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { calibrationProblemText } from '../../common/decisions/calibration-problem.ts';
import { applyRule } from '../../common/decisions/calibration-rules.ts';
import { calibrates, knownScores, scoreRange } from '../../common/decisions/known-scores.ts';
import type { Store } from '../../store/store.ts';
import { normalImagesSha256 } from './normal-images.ts';
import { assertUnlocked, reviseRecipe } from './revise-recipe.ts';
import { type CalibrationContext, scoreKnown } from './score-known.ts';

interface Calibrating {
  recipe: number;
  dataset: number;
  textureClass: string;
  rule: CalibrationRule;
  source: CalibrationSource;
  author: string;
  reason: string;
}

/**
 * Derives thresholds from a class's labeled images by a rule, and adds them as a revision. Inspects the
 * images that calibrate and have no result. Defective images calibrate only if the rule uses them.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the rule yields no thresholds from the labeled images; `CONFLICT`
 * if the recipe is locked or changes in the meantime; errors from `scoreKnown`
 */
export async function* calibrateRecipe(
  context: CalibrationContext,
  { recipe: id, dataset, textureClass, rule, source, author, reason }: Calibrating,
  signal: AbortSignal,
): AsyncGenerator<CalibrateEvent, void, void> {
  const { store } = context;
  const recipe = store.recipes.get(id);
  assertUnlocked(recipe);
  if (rule.type === 'manual') throw invalid(calibrationProblemText({ type: 'manual' }));
  assertUnbiased(recipe.latest.definition, source);
  const usesDefective = rule.type !== 'false-rejects';
  const images = yield* scoreKnown(
    context,
    { recipe, dataset, textureClass },
    (label, split) => calibrates({ score: 0, label, split }, source) && (usesDefective || label === 'good'),
    signal,
  );
  const known = knownScores(images, source);
  const outcome = applyRule(rule, known);
  if (!outcome.ok) throw invalid(`${calibrationProblemText(outcome.problem)} ${hintFor(source)}`.trim());
  const calibration: CalibrationRecord = {
    rule,
    source,
    good: known.good.length,
    defective: known.defective.length,
    guaranteedFalseRejects: outcome.guaranteedFalseRejects,
    goodScores: scoreRange(known.good),
    imagesSha256: imagesSha256(store, images),
    ...(otherImages(recipe.latest.definition.method) === 'normal' && {
      normalSha256: normalImagesSha256(
        store.images.listNormal(dataset, textureClass).map(({ file }) => file.sha256),
      ),
    }),
  };
  const { thresholds } = outcome;
  const base = recipe.latest.revision;
  const definition = { thresholds, calibration };
  yield {
    type: 'calibrated',
    recipe: reviseRecipe(store, { recipe: id, base, author, reason, definition }),
  };
}

/** A memory bank contains the training images, so it finds no difference for any of them. */
export function assertUnbiased({ method }: RecipeDefinition, source: CalibrationSource): void {
  if (source === 'test' || otherImages(method) !== 'normal') return;
  throw invalid(
    'The method compares images with the training images, so their own scores are too low to calibrate with. Calibrate with ' +
      'good test images.',
  );
}

function hintFor(source: CalibrationSource): string {
  if (source === 'all') return 'Mark images as good, give verdicts, or set their ground truth.';
  const others = source === 'train' ? 'test' : 'training';
  return `Only ${source === 'train' ? 'training' : 'test'} images calibrate here. Choose all images (--good all) to use ${others} images as well.`;
}

/** SHA-256 of the sorted list of file hashes, tiles, labels and scores. */
function imagesSha256(store: Store, images: readonly ScoredImage[]): string {
  const rows = images
    .map(({ image, label, score }) => {
      const { file, tileIndex } = store.images.get(image);
      return canonicalJson([file.sha256, tileIndex, label, score]);
    })
    .sort();
  return createHash('sha256').update(rows.join('\n')).digest('hex');
}

const invalid = (message: string) => new PerchError('INVALID_ARGUMENT', message);
