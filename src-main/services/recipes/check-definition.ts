import { createHash } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import { type RecipeDefinition, recipeDefinition, recipeFile } from '../../common/api/recipes.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { scaleChoiceOf, scaleOf } from '../../common/scale.ts';
import { isWholeImage } from '../../common/maps/inspection-region.ts';

/** The SHA-256 of a definition's canonical JSON, in hexadecimal. */
export function definitionSha256(definition: RecipeDefinition): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}

/**
 * The definition in its stored form: thresholds are float32 values, like scores, a region that is the whole image is null, and
 * the scale of square pixels is one number.
 *
 * @throws PerchError `INVALID_ARGUMENT` if a value is out of range, or values do not fit together
 */
export function normalizeDefinition(definition: RecipeDefinition): RecipeDefinition {
  const { sizeLimits, mmPerPixel, thresholds, region, displayRange } = definition;
  const issue = recipeDefinition.safeParse(definition).error?.issues[0];
  if (issue) throw invalid(`${issue.path.join('.')}: ${issue.message}.`);
  if (otherImages(definition.method) === 'set')
    throw invalid(
      'A recipe inspects single images, but its method compares the images of a set with each other. Choose another method.',
    );
  if (sizeLimits.unit === 'mm' && mmPerPixel === null)
    throw invalid('Size limits in millimeters need the physical scale. Set the millimeters per pixel.');
  if (displayRange && displayRange.low >= displayRange.high)
    throw invalid('The low end of the display range must be below its high end.');
  if (thresholds && ![thresholds.review, thresholds.reject].map(Math.fround).every(Number.isFinite))
    throw invalid('The thresholds are too large for scores. Choose smaller ones.');
  return {
    ...definition,
    region: region && isWholeImage(region) ? null : region,
    mmPerPixel: mmPerPixel && scaleChoiceOf(scaleOf(mmPerPixel)),
    thresholds: thresholds && {
      review: Math.fround(thresholds.review),
      reject: Math.fround(thresholds.reject),
    },
  };
}

/** @throws PerchError `INVALID_ARGUMENT` if a recipe cannot have the name */
export function assertRecipeName(name: string): void {
  const issue = recipeFile.shape.name.safeParse(name).error?.issues[0];
  if (issue) throw invalid(`The name of a recipe has 1 to 100 characters in one line. ${issue.message}.`);
}

const invalid = (message: string) => new PerchError('INVALID_ARGUMENT', message);
