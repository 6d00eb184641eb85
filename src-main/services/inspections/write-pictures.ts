import { reportOf } from '../../common/api/errors.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';
import { classRange } from '../../common/maps/class-range.ts';
import type { ValueRange } from '../../common/maps/value-range.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { writeFileAtomic } from '../../files/write.ts';
import type { FolderEvent, FolderRequest, ImageSource, Inspected } from './folder-request.ts';

/** Writes heatmaps, overlays and predicted masks of one class, on a shared display range. */
export async function* writePictures(
  inspected: readonly (Inspected & { source: ImageSource })[],
  { threshold: chosen, region, recipe, maxPixels }: FolderRequest,
  engine: EngineClient,
  signal: AbortSignal,
): AsyncGenerator<FolderEvent> {
  const display = displayOf(inspected, recipe, chosen);
  for (const { source, ...of } of inspected) {
    const { path, inspection, files } = of;
    try {
      const { width, height, extentWidth, extentHeight } = inspection;
      const { heatmap, overlay, mask, regions, reduction } = await engine.request(
        'renderInspection',
        {
          ...source,
          map: files.map,
          placement: { width, height, extentWidth, extentHeight, region },
          ...display,
          ...(recipe && { limits: recipe }),
          maxPixels,
        },
        { signal },
      );
      await writeFileAtomic(files.heatmap, heatmap);
      await writeFileAtomic(files.overlay, overlay);
      await writeFileAtomic(files.mask, mask);
      yield {
        type: 'finished',
        ...of,
        threshold: display.threshold,
        regions,
        ...(reduction !== undefined && { reduction }),
      };
    } catch (thrown) {
      signal.throwIfAborted();
      yield { type: 'failed', path, error: reportOf(thrown) };
    }
  }
}

/** The recipe's display range and review threshold; otherwise those of the class. */
function displayOf(
  inspected: readonly Inspected[],
  recipe: RecipeDefinition | undefined,
  chosen: number | undefined,
): { range: ValueRange; threshold: number } {
  const { range, threshold } = classRange(
    inspected.map(({ inspection }) => inspection),
    recipe?.thresholds?.review ?? chosen,
  );
  return { range: recipe?.displayRange ?? range, threshold };
}
