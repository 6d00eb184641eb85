import { PerchError } from '../../common/api/errors.ts';
import type { Recipe, RecipeDefinition, RecipeDraft } from '../../common/api/recipes.ts';
import type { ScaleSource } from '../../common/api/scale.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { voidsGuarantee } from '../../common/decisions/voids-guarantee.ts';
import { scaleOf } from '../../common/scale.ts';
import { canonicalizeMethod, validateMethod } from '../../methods/validate-method.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import { assertRegionFits } from '../regions/assert-region-fits.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import { definitionSha256, normalizeDefinition } from './check-definition.ts';
import { describeChanges } from './describe-changes.ts';

/** A revision to add. */
export interface Revising {
  recipe: number;
  /** The revision that it is based on, which must be the latest one. */
  base: number;
  author: string;
  reason: string;
  /** The fields that change. */
  definition: RecipeDraft;
  /** The origin of a new scale; `typed` by default. */
  scaleSource?: ScaleSource;
}

/**
 * Adds a revision, and sets region and scale of the classes that the recipe decides, in one transaction. Adds nothing if nothing changes.
 *
 * @throws PerchError `NOT_FOUND`; `CONFLICT` if the recipe is locked or `base` is not its latest revision; `INVALID_ARGUMENT`,
 * `UNKNOWN_NAME`, `MODEL_MISSING` for a definition that cannot be used
 */
export function reviseRecipe(
  store: Store,
  { recipe: id, base, author, reason, definition, scaleSource: source = 'typed' }: Revising,
): Recipe {
  return actAs(author, () =>
    store.transaction(() => {
      const recipe = store.recipes.get(id);
      assertUnlocked(recipe);
      assertLatest(recipe, base);
      const before = recipe.latest.definition;
      const after = nextDefinition(before, definition);
      if (isEqual(before, after)) return recipe;
      const changes = describeChanges(before, after);
      for (const { dataset, textureClass } of recipe.uses) {
        if (!isEqual(before.region, after.region)) {
          assertRegionFits(store, dataset, textureClass, after.region);
          store.classRegions.set(dataset, textureClass, after.region, author);
        }
        if (after.mmPerPixel !== null && !isEqual(before.mmPerPixel, after.mmPerPixel))
          store.classScales.set(dataset, textureClass, { scale: scaleOf(after.mmPerPixel), source, author });
      }
      store.recipes.addRevision(id, {
        revision: base + 1,
        author,
        at: new Date().toISOString(),
        reason,
        changes,
        definition: after,
        sha256: definitionSha256(after),
      });
      return store.recipes.get(id);
    }),
  );
}

/** @throws PerchError `CONFLICT` */
export function assertUnlocked({ name, locked }: Recipe): void {
  if (!locked) return;
  throw new PerchError(
    'CONFLICT',
    `The recipe "${name}" was locked by ${locked.by} on ${locked.at.slice(0, 10)}. Unlock it to change it.`,
  );
}

function assertLatest({ name, latest }: Recipe, base: number): void {
  if (latest.revision === base) return;
  throw new PerchError(
    'CONFLICT',
    `The recipe "${name}" has changed: its latest revision is ${latest.revision} by ${latest.author}, but yours is based on ` +
      `${base}. Review it and repeat your changes.`,
  );
}

/**
 * A definition with changed fields. Clears thresholds and their calibration if the scores that they refer to
 * change, and the calibration if the thresholds change, unless new ones are given.
 */
export function nextDefinition(before: RecipeDefinition, changed: RecipeDraft): RecipeDefinition {
  const given = Object.entries(changed).filter(([, value]) => value !== undefined);
  const merged = { ...before, ...(Object.fromEntries(given) as Partial<RecipeDefinition>) };
  if (!isEqual(merged.method, before.method)) {
    merged.method = canonicalizeMethod(validateMethod(merged.method));
    merged.modelSha256 = modelSha256Of(merged.method);
  } else if (merged.modelSha256 !== before.modelSha256) {
    merged.modelSha256 = modelSha256Of(merged.method);
  }
  const after = withValidGuarantee(normalizeDefinition(merged));
  if (areScoresEqual(before, after)) {
    if (!isEqual(before.thresholds, after.thresholds) && changed.calibration === undefined)
      after.calibration = null;
    return after;
  }
  return {
    ...after,
    thresholds: changed.thresholds === undefined ? null : after.thresholds,
    calibration: changed.calibration ? after.calibration : null,
  };
}

function withValidGuarantee(definition: RecipeDefinition): RecipeDefinition {
  const { calibration, thresholds, regionLimits } = definition;
  if (!calibration || !thresholds || !voidsGuarantee(regionLimits, thresholds)) return definition;
  return { ...definition, calibration: { ...calibration, guaranteedFalseRejects: null } };
}

/** Whether both definitions give an image the same score. */
function areScoresEqual(one: RecipeDefinition, other: RecipeDefinition): boolean {
  const inputs = ({ method, modelSha256, region, sizeLimits, edgeMargin, mmPerPixel }: RecipeDefinition) => ({
    method,
    modelSha256,
    region,
    sizeLimits,
    edgeMargin,
    mmPerPixel: sizeLimits.unit === 'mm' ? mmPerPixel : null,
  });
  return isEqual(inputs(one), inputs(other));
}

const isEqual = (one: unknown, other: unknown) => canonicalJson(one) === canonicalJson(other);
