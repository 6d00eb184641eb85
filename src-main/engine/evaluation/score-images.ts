import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { type PlacedMap, scoredPositions } from '../../common/maps/placed-map.ts';
import { minPositions, positionSize } from '../../common/maps/size-limits.ts';
import { readNpy } from '../../common/maps/npy.ts';
import { readError } from '../../files/read.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import type { RegionSearch } from '../../methods/fallback/image-score.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

type Request = EngineRequests['scoreImages']['request'];
type Score = EngineRequests['scoreImages']['response']['scores'][number];

/** Number of maps between two checks for cancellation. */
const BATCH = 32;

/** Computes image scores by attribute opening from maps in the store. */
export async function scoreImages(
  { maps, ...settings }: Request,
  { signal, report }: HandlerContext,
): Promise<EngineRequests['scoreImages']['response']> {
  const scorer = new Scorer(settings);
  const scores: Score[] = [];
  for (const file of maps) {
    if (scores.length % BATCH === 0) {
      await turn();
      signal.throwIfAborted();
      report({ stage: 'decode', fraction: scores.length / maps.length });
    }
    scores.push(scorer.score(file));
  }
  return { scores };
}

/**
 * Scores maps with the same settings. Most have the same size, so the inside positions are kept from one map
 * to the next.
 */
class Scorer {
  readonly #settings: Omit<Request, 'maps'>;
  #search: { key: string; search: RegionSearch; area: number } | undefined;

  constructor(settings: Omit<Request, 'maps'>) {
    this.#settings = settings;
  }

  score({ path, placement }: Request['maps'][number]): Score {
    const map = readStoredMap(path);
    const { search, area } = this.#searchFor({ ...placement, map });
    const score = defaultBackend.imageScore(map, search)?.score ?? null;
    const { reviewThreshold } = this.#settings;
    if (reviewThreshold === null) return { score };
    const regions = defaultBackend.measureRegions(map, reviewThreshold, search);
    return { score, regions: { count: regions.count, area: regions.area * area } };
  }

  #searchFor(placed: PlacedMap): { search: RegionSearch; area: number } {
    const { map, width, height, extentWidth, extentHeight } = placed;
    const key = [map.width, map.height, width, height, extentWidth, extentHeight].join(' ');
    if (this.#search?.key === key) return this.#search;
    const { region, sizeLimits, edgeMargin, mmPerPixel } = this.#settings;
    const size = positionSize(sizeLimits.unit, mmPerPixel, placed);
    const search = {
      mask: scoredPositions({ ...placed, region }, edgeMargin),
      minArea: minPositions(sizeLimits.minArea, size),
      minLength: sizeLimits.minLength,
      pixelsPerColumn: size.width,
      pixelsPerRow: size.height,
    };
    this.#search = { key, search, area: size.width * size.height };
    return this.#search;
  }
}

/**
 * Reads a map from the store. Reading is synchronous, because that takes half the time for thousands of small
 * files.
 */
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
