import { PerchError } from '../../common/api/errors.ts';
import type { ImageDecision, RecipeDefinition } from '../../common/api/recipes.ts';
import { decide } from '../../common/decisions/decide.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import { scoringSettings } from '../../methods/scoring-settings.ts';

/** The decision on a map. */
export type MapDecision = Pick<ImageDecision, 'score' | 'decision' | 'reason'>;

/** Decides an image by the file of its map, exactly as the images of a dataset are decided. */
export async function decideMapFile(
  engine: EngineClient,
  map: EngineRequests['scoreImages']['request']['maps'][number],
  definition: RecipeDefinition,
  signal: AbortSignal,
): Promise<MapDecision> {
  const request = { maps: [map], settings: scoringSettings(definition) };
  const [scored] = (await engine.request('scoreImages', request, { signal })).scores;
  if ('error' in scored) {
    const { code, message, hint } = scored.error;
    throw new PerchError(code, message, undefined, hint);
  }
  return { score: scored.score, ...decide(scored, definition) };
}
