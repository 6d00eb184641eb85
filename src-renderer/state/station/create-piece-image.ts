import type { Result } from '../../../src-main/common/api/runs.ts';
import type { RecipeDefinition } from '../../../src-main/common/api/recipes.ts';
import { scoreDigits } from '../../format/numbers.ts';
import type { ClassScores } from '../results/class-scores.svelte.ts';
import { createActiveImage, type ActiveImage } from '../view/active-image.svelte.ts';
import type { PieceView } from './drawn-piece.svelte.ts';
import { contourOf } from './piece-contour.ts';

/**
 * The active image of a screen that shows a piece: as a dataset's image, but with result, threshold and region of the revision
 * that decided it, and without loading its dataset. Call it in a component.
 *
 * @param view returns what is drawn of the piece
 */
export function createPieceImage(view: () => PieceView | undefined): ActiveImage {
  const region = () => view()?.definition?.region ?? undefined;
  return createActiveImage({
    datasets: { selectedId: undefined, isHidden: undefined },
    methods: { selectedId: undefined },
    recipes: {
      ofClass: () => {
        const definition = view()?.definition;
        return definition ? { latest: { definition } } : undefined;
      },
    },
    regionEditor: { shown: region },
    regions: { of: region },
    results: { get: () => view()?.result ?? undefined },
    rolls: { byImage: new Map() },
    scores: {
      get byClass() {
        const { image, result, definition } = view() ?? {};
        return new Map(
          image && result && definition
            ? [[image.textureClass, scoresOf(image.textureClass, result, definition)]]
            : [],
        );
      },
    },
    selection: {
      get image() {
        return view()?.image ?? undefined;
      },
      neighbors: () => [],
    },
  });
}

/** The scores of one piece, with the range of its heatmap. Without a range in the recipe, it ends at the highest score of the piece. */
function scoresOf(textureClass: string, result: Result, definition: RecipeDefinition): ClassScores {
  const { threshold } = contourOf(result, definition);
  const { low, high } = definition.displayRange ?? {
    low: result.min,
    high: Math.max(result.max, threshold),
  };
  const range = { low, high: high > low ? high : low + 1 };
  return {
    textureClass,
    threshold,
    range,
    results: [],
    suggested: threshold,
    isCustom: false,
    above: 0,
    digits: scoreDigits(range.high - range.low),
  };
}
