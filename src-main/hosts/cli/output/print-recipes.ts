import type { Recipe, RecipeDefinition, RecipeRevision, SizeLimits } from '../../../common/api/recipes.ts';
import { guaranteeText } from '../../../common/decisions/calibration-problem.ts';
import { formatScale } from '../../../common/scale.ts';
import { formatMethod } from '../../../services/methods/format-method.ts';
import type { Store } from '../../../store/store.ts';
import { printLine } from './print.ts';
import { formatCount } from './table.ts';

/** "linen  r3  reject from 0.0188  oxford of fabrics  locked by Ada" */
export function formatRecipe(store: Store, { name, latest, locked, uses }: Recipe): string {
  const classes = uses.map((use) => `${use.textureClass} of ${store.datasets.get(use.dataset).name}`);
  return [
    name,
    `r${latest.revision}`,
    formatThresholds(latest.definition),
    classes.join(', ') || 'decides no class',
    ...(locked ? [`locked by ${locked.by}`] : []),
  ].join('  ');
}

export function printRecipe(store: Store, recipe: Recipe, revisions: readonly RecipeRevision[]): void {
  const { definition, sha256 } = recipe.latest;
  const { method, region, sizeLimits, edgeMargin, regionLimits, mmPerPixel, calibration } = definition;
  printLine(formatRecipe(store, recipe));
  printLine(`method        ${formatMethod(method)}`);
  printLine(`region        ${region ? 'set; see perch datasets regions' : 'the whole image'}`);
  printLine(`size limits   ${formatSizeLimits(sizeLimits)}`);
  printLine(`edge margin   ${formatCount(edgeMargin, 'position')}`);
  const { maxCount, maxTotalArea } = regionLimits;
  if (maxCount !== null) printLine(`regions       at most ${maxCount} at or above the review threshold`);
  if (maxTotalArea !== null) printLine(`regions       at most ${maxTotalArea} ${sizeLimits.unit}² in total`);
  if (mmPerPixel !== null) printLine(`scale         ${formatScale(mmPerPixel)}`);
  if (calibration) printLine(`calibration   ${formatCalibration(definition)}`);
  printLine(`sha256        ${sha256}`);
  for (const { revision, at, author, reason, changes } of revisions) {
    printLine(`r${revision}  ${at.slice(0, 16).replace('T', ' ')}  ${author}${reason ? `: ${reason}` : ''}`);
    for (const change of changes) printLine(`    ${change}`);
  }
}

/** "10 good, 0 defective images; at most 9.1 % false rejects, guaranteed by 10 good images" */
export function formatCalibration({ calibration }: RecipeDefinition): string {
  if (!calibration) return 'not calibrated';
  const { good, defective, guaranteedFalseRejects } = calibration;
  const guarantee =
    guaranteedFalseRejects === null
      ? 'false rejects are not guaranteed'
      : guaranteeText(guaranteedFalseRejects, good);
  return `${good} good, ${formatCount(defective, 'defective image')}; ${guarantee}`;
}

export function formatThresholds({ thresholds }: RecipeDefinition): string {
  if (!thresholds) return 'not calibrated';
  const [review, reject] = [thresholds.review, thresholds.reject].map((score) =>
    String(+score.toPrecision(4)),
  );
  return review === reject ? `reject from ${reject}` : `review from ${review}, reject from ${reject}`;
}

function formatSizeLimits({ unit, minArea, minLength }: SizeLimits): string {
  const area = { positions: 'positions', px: 'px', mm: 'mm²' }[unit];
  const parts = [
    ...(minArea > 0 ? [`at least ${minArea} ${area}`] : []),
    ...(minLength > 0 ? [`at least ${minLength} ${unit} long`] : []),
  ];
  return parts.join(', ') || 'none';
}
