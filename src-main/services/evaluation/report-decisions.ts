import type { CalibrationRecord, Recipe, ScoredImage } from '../../common/api/recipes.ts';
import { confusionTable } from '../../common/decisions/confusion.ts';
import { decide } from '../../common/decisions/decide.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { hasOtherNormalImages } from '../recipes/normal-images.ts';
import { scoreClass } from '../recipes/score-class.ts';
import type { ClassDecisions } from '../reports/decisions.ts';

/** The decisions on a dataset's test images by its calibrated recipes, by class, and what to know about them. */
export async function reportDecisions(
  context: { store: Store; engine: EngineClient },
  dataset: number,
  signal: AbortSignal,
): Promise<{ decisions: ClassDecisions[]; notes: string[] }> {
  const { store } = context;
  const decisions: ClassDecisions[] = [];
  const notes: string[] = [];
  for (const [textureClass, id] of store.recipes.listAssigned(dataset)) {
    const recipe = store.recipes.get(id);
    const { revision, definition } = recipe.latest;
    if (definition.thresholds === null) {
      notes.push(
        `${textureClass}: the recipe "${recipe.name}" is not calibrated, so there are no decisions.`,
      );
      continue;
    }
    const images = store.images.listByClass(dataset, textureClass).filter(({ split }) => split === 'test');
    const scored = await scoresOf(context, { dataset, textureClass, definition }, signal);
    const decided = scored.map((image) => ({ ...image, ...decide(image, definition) }));
    const missing = images.length - scored.length;
    const table = confusionTable(decided);
    const { thresholds } = definition;
    decisions.push({ textureClass, recipe: recipe.name, revision, thresholds, table, missing });
    const undecided = table.undecided.length;
    if (hasOtherNormalImages(store, { dataset, textureClass }, definition))
      notes.push(
        `${textureClass}: the class has other normal images than the recipe "${recipe.name}" was calibrated with, so its thresholds ` +
          'do not apply. Calibrate it again.',
      );
    notes.push(
      ...decisionNotes(recipe, { scored, missing, undecided }).map((note) => `${textureClass}: ${note}`),
    );
  }
  return { decisions, notes };
}

/** The scored test images of a class. */
async function scoresOf(
  context: { store: Store; engine: EngineClient },
  scored: Parameters<typeof scoreClass>[1],
  signal: AbortSignal,
): Promise<ScoredImage[]> {
  for await (const event of scoreClass(context, scored, signal))
    if (event.type === 'scores') return event.images.filter(({ split }) => split === 'test');
  return [];
}

function decisionNotes(
  { latest }: Recipe,
  { scored, missing, undecided }: { scored: readonly ScoredImage[]; missing: number; undecided: number },
): string[] {
  const notes: string[] = [];
  if (missing > 0)
    notes.push(
      `${count(missing)} without a result of the recipe's method ${missing === 1 ? 'has' : 'have'} no decision.`,
    );
  if (undecided > 0)
    notes.push(
      `${count(undecided)} ${undecided === 1 ? 'has' : 'have'} no decision, because no region can have the recipe's required size.`,
    );
  const untrue = scored.filter(
    ({ labelSource }) => labelSource === 'marked' || labelSource === 'verdict',
  ).length;
  if (untrue > 0)
    notes.push(`${count(untrue)} ${untrue === 1 ? 'is' : 'are'} labeled by a mark or a verdict.`);
  if (usesTestImages(latest.definition.calibration))
    notes.push('The thresholds were calibrated with test images, so new images may have higher rates.');
  return notes;
}

function usesTestImages(calibration: CalibrationRecord | null): boolean {
  return calibration !== null && calibration.rule.type !== 'manual' && calibration.source !== 'train';
}

function count(images: number): string {
  return `${images} test ${images === 1 ? 'image' : 'images'}`;
}
