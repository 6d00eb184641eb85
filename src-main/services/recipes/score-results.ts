import type { ErrorReport } from '../../common/api/errors.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';
import type { Result } from '../../common/api/runs.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { scoringSettings } from '../../methods/scoring-settings.ts';
import type { ImageScore, ScoreSettings } from '../../store/image-scores.ts';
import type { Store } from '../../store/store.ts';

/** A class, and the definition of the recipe that scores its images. */
export interface ScoredClass {
  dataset: number;
  textureClass: string;
  definition: RecipeDefinition;
}

/** The image scores of results. */
export interface ResultScores {
  byResult: ReadonlyMap<number, ImageScore>;
  /** Errors of the maps that cannot be read, by result. */
  unreadable: ReadonlyMap<number, ErrorReport>;
}

/** Number of maps per request to the engine. */
const CHUNK = 500;

/** The current results of a class by the method, model and region of a definition. */
export function listResults(store: Store, { dataset, textureClass, definition }: ScoredClass): Result[] {
  const method = store.methods.findByDefinition(definition.method);
  if (!method) return [];
  return store.results.listByClass(dataset, textureClass, {
    method: method.id,
    modelSha256: definition.modelSha256,
    regionSha256: regionSha256(definition.region),
  });
}

/**
 * The image scores of results. Computes and caches missing scores, and yields progress in the meantime. */
export async function* scoreResults(
  { store, engine }: { store: Store; engine: EngineClient },
  { dataset, textureClass, definition }: ScoredClass,
  results: readonly Result[],
  signal: AbortSignal,
): AsyncGenerator<{ done: number; total: number }, ResultScores, void> {
  const settings = scoreSettings({ dataset, textureClass, definition });
  const known = store.imageScores.find(settings);
  const unreadable = new Map<number, ErrorReport>();
  const missing = results.filter(({ id }) => !known.has(id));
  for (let done = 0; done < missing.length; done += CHUNK) {
    yield { done, total: missing.length };
    const chunk = missing.slice(done, done + CHUNK);
    const maps = chunk.map(({ image, map, width, height, extentWidth, extentHeight }) => ({
      path: store.blobs.pathOf(map),
      placement: { width, height, extentWidth, extentHeight, direction: store.rolls.find(image)?.direction },
    }));
    const request = { maps, settings: scoringSettings(definition) };
    const { scores } = await engine.request('scoreImages', request, { signal });
    const added: ImageScore[] = [];
    for (const [at, score] of scores.entries()) {
      const result = chunk[at].id;
      if ('error' in score) unreadable.set(result, score.error);
      else added.push({ ...score, result });
    }
    store.imageScores.add(settings, added);
    for (const score of added) known.set(score.result, score);
  }
  return { byResult: known, unreadable };
}

/** The key of a class's image scores. The region is part of a result's key. */
export function scoreSettings({ dataset, textureClass, definition }: ScoredClass): ScoreSettings {
  const { region: _, mmPerPixel, ...settings } = scoringSettings(definition);
  const scale = settings.sizeLimits.unit === 'mm' ? mmPerPixel : null;
  return { dataset, textureClass, settings: canonicalJson({ ...settings, mmPerPixel: scale }) };
}
