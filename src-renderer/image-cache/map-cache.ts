import { createContext } from 'svelte';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { scoreAt } from '../../src-main/common/maps/resize.ts';
import { bytesOf } from './bitmap-cache.ts';
import { AsyncCache } from './async-cache.ts';
import type { ContourPart, Outline, OutlineScope, RegionList } from './outline.ts';
import { isLargeMap } from './map-levels.ts';
import { PartialScores, type ScoreReader } from './score-reader.svelte.ts';
import type { RenderRequests } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Anomaly maps and their heatmaps. */
export class MapCache {
  readonly #worker: RenderWorker;
  readonly #heatmaps = new AsyncCache<ImageBitmap>(256 * 2 ** 20, bytesOf, (bitmap) => bitmap.close());
  readonly #placed = new AsyncCache<PlacedMap>(64 * 2 ** 20, ({ map }) => map.values.byteLength);

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** Reads the scores of single pixels. */
  async scores(inspection: Inspection): Promise<ScoreReader> {
    if (isLargeMap(inspection)) return new PartialScores(inspection, this.#worker);
    const placed = await this.#placed.get(inspection.map, () =>
      this.#worker.request('placed', { inspection }),
    );
    return { at: (pixel) => scoreAt(placed, pixel.x, pixel.y) };
  }

  /** The regions of a large map. @throws AssetError `CANCELED` if a later call replaces this one */
  async regions(inspection: Inspection, threshold: number, scope: OutlineScope): Promise<RegionList> {
    return await this.#worker.request('regions', { inspection, threshold, scope });
  }

  /** The contour of a large map in a part of the image. */
  async contourPart(params: RenderRequests['contourPart']['params']): Promise<ContourPart> {
    return await this.#worker.request('contourPart', params);
  }

  /** The contour and the regions at a threshold. Not cached: thresholds change continuously. */
  async outline(inspection: Inspection, threshold: number, scope: OutlineScope): Promise<Outline> {
    return await this.#worker.request('outline', { inspection, threshold, scope });
  }

  /** The cached heatmap, without rendering it. */
  peekHeatmap(inspection: Inspection, range: ValueRange, colors: ColormapName): ImageBitmap | undefined {
    return this.#heatmaps.peek(heatmapKey(inspection, range, colors));
  }

  async heatmap(inspection: Inspection, range: ValueRange, colors: ColormapName): Promise<ImageBitmap> {
    const key = heatmapKey(inspection, range, colors);
    return await this.#heatmaps.get(key, () =>
      this.#worker.request('heatmap', { inspection, range, colors }),
    );
  }
}

function heatmapKey({ map }: Inspection, { low, high }: ValueRange, colors: ColormapName): string {
  return `${map} ${low} ${high} ${colors}`;
}

export const [getMaps, setMaps] = createContext<MapCache>();
