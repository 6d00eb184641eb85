import { type PlacedMap, scoredPositions } from '../common/maps/placed-map.ts';
import { minPositions, positionSize } from '../common/maps/size-limits.ts';
import { defaultBackend } from './backend/default-backend.ts';
import type { RegionSearch } from './fallback/image-score.ts';
import type { ScoringSettings } from './scoring-settings.ts';

/** The score of an image, and its regions if they are counted. */
export interface ScoredMap {
  /** Null if no region can have the required size. */
  score: number | null;
  /** Number and total area of the regions of the required size, in the unit of the size limits. */
  regions?: { count: number; area: number };
}

/** Scores maps by the same settings. Most have the same size, so the scored positions are kept from one to the next. */
export class ImageScorer {
  readonly #settings: ScoringSettings;
  #search: { key: string; search: RegionSearch; area: number } | undefined;

  constructor(settings: ScoringSettings) {
    this.#settings = settings;
  }

  /** The image score by attribute opening. The settings' region replaces that of the map. */
  score(placed: PlacedMap): ScoredMap {
    const { search, area } = this.#searchFor(placed);
    const score = defaultBackend.imageScore(placed.map, search)?.score ?? null;
    const { reviewThreshold } = this.#settings;
    if (reviewThreshold === null) return { score };
    const regions = defaultBackend.measureRegions(placed.map, reviewThreshold, search);
    return { score, regions: { count: regions.count, area: regions.area * area } };
  }

  #searchFor(placed: PlacedMap): { search: RegionSearch; area: number } {
    const { map, width, height, extentWidth, extentHeight, direction } = placed;
    const key = [map.width, map.height, width, height, extentWidth, extentHeight, direction].join(' ');
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
