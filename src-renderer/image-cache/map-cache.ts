import { createContext } from 'svelte';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { bytesOf } from './bitmap-cache.ts';
import { Loader } from './async-cache.ts';
import type { Outline } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Anomaly maps and what is drawn of them, the last used ones kept. */
export class MapCache {
  readonly #worker: RenderWorker;
  readonly #heatmaps = new Loader<ImageBitmap>(256 * 2 ** 20, bytesOf, (bitmap) => bitmap.close());
  readonly #placed = new Loader<PlacedMap>(64 * 2 ** 20, ({ map }) => map.values.byteLength);

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The scores themselves. */
  async placed(inspection: Inspection): Promise<PlacedMap> {
    return await this.#placed.load(inspection.map, () => this.#worker.ask('placed', { inspection }));
  }

  async outline(inspection: Inspection, threshold: number): Promise<Outline> {
    return await this.#worker.ask('outline', { inspection, threshold });
  }

  peekHeatmap(inspection: Inspection, scale: ValueRange, colors: ColormapName): ImageBitmap | undefined {
    return this.#heatmaps.kept(heatmapKey(inspection, scale, colors));
  }

  async heatmap(inspection: Inspection, scale: ValueRange, colors: ColormapName): Promise<ImageBitmap> {
    const key = heatmapKey(inspection, scale, colors);
    return await this.#heatmaps.load(key, () => this.#worker.ask('heatmap', { inspection, scale, colors }));
  }
}

function heatmapKey({ map }: Inspection, { low, high }: ValueRange, colors: ColormapName): string {
  return `${map} ${low} ${high} ${colors}`;
}

export const [getMaps, setMaps] = createContext<MapCache>();
