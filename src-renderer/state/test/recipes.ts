import {
  DEFAULT_SIZE_LIMITS,
  type Recipe,
  type RecipeDefinition,
  type ScoredImage,
} from '../../../src-main/common/api/recipes.ts';

/** A definition with defaults for the other properties. */
export function aDefinition(part: Partial<RecipeDefinition> = {}): RecipeDefinition {
  return {
    classes: ['linen'],
    method: { extractor: 'dct', statistic: 'fca', reference: 'self', patchSize: 9 },
    modelSha256: null,
    region: null,
    sizeLimits: DEFAULT_SIZE_LIMITS,
    edgeMargin: 0,
    thresholds: null,
    regionLimits: { maxCount: null, maxTotalArea: null },
    mmPerPixel: null,
    displayRange: null,
    calibration: null,
    ...part,
  };
}

/** A recipe of class `linen` of dataset 1 with defaults for the other properties. */
export function aRecipe(
  part: Partial<Omit<Recipe, 'latest'>> & { revision?: number; definition?: Partial<RecipeDefinition> } = {},
): Recipe {
  const { revision = 1, definition, ...rest } = part;
  return {
    id: 1,
    name: 'Oxford 210D',
    locked: null,
    uses: [{ dataset: 1, textureClass: 'linen' }],
    latest: {
      revision,
      author: 'A. Weber',
      at: '2026-01-01T00:00:00.000Z',
      reason: '',
      changes: [],
      definition: aDefinition(definition),
      sha256: 'a'.repeat(64),
    },
    ...rest,
  };
}

/** A scored image with defaults for the other properties. */
export function aScoredImage(part: Partial<ScoredImage> & { image: number }): ScoredImage {
  return {
    result: part.image,
    score: 0,
    label: 'unknown',
    labelSource: 'none',
    split: 'test',
    inspectedAt: '2026-01-01T00:00:00.000Z',
    ...part,
  };
}
