import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { readNpy } from '../../common/maps/npy.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import { readError } from '../../files/read.ts';
import { ImageScorer } from '../../methods/image-scorer.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

/** Maps between two checks for cancellation. */
const BATCH = 32;

/** Computes image scores by attribute opening from maps in the store. Maps that cannot be read have an error instead. */
export async function scoreImages(
  { maps, settings }: EngineRequests['scoreImages']['request'],
  { signal, report }: HandlerContext,
): Promise<EngineRequests['scoreImages']['response']> {
  const scorer = new ImageScorer(settings);
  const scores: EngineRequests['scoreImages']['response']['scores'] = [];
  for (const { path, placement } of maps) {
    if (scores.length % BATCH === 0) {
      await turn();
      signal.throwIfAborted();
      report({ stage: 'decode', fraction: scores.length / maps.length });
    }
    const map = tryToRead(path);
    scores.push(map instanceof PerchError ? { error: reportOf(map) } : scorer.score({ ...placement, map }));
  }
  return { scores };
}

function tryToRead(path: string): PlacedMap['map'] | PerchError {
  try {
    return readStoredMap(path);
  } catch (cause) {
    if (cause instanceof PerchError) return cause;
    throw cause;
  }
}

/** Reads a map from the store. Synchronously, because thousands of small files take half the time. */
function readStoredMap(path: string): PlacedMap['map'] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  const { shape, values } = readNpy(bytes, path);
  const [height, width] = shape;
  return { values, height, width };
}
