import { createContext } from 'svelte';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { bytesOf } from './bitmap-cache.ts';
import { AsyncCache } from './async-cache.ts';
import type { Outline, OutlineScope } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Anomaly maps and their heatmaps. */
export class MapCache {
  readonly #worker: RenderWorker;
  readonly #heatmaps = new AsyncCache<ImageBitmap>(256 * 2 ** 20, bytesOf, (bitmap) => bitmap.close());
  readonly #placed = new AsyncCache<PlacedMap>(64 * 2 ** 20, ({ map }) => map.values.byteLength);

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The scores of an inspection, placed on its image. */
  async placed(inspection: Inspection): Promise<PlacedMap> {
    return await this.#placed.get(inspection.map, () => this.#worker.request('placed', { inspection }));
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
