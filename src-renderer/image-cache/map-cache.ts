import { createContext } from 'svelte';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ColourMapName, Scale } from '../../src-main/common/maps/colormaps.ts';
import type { CoveredImage } from '../../src-main/common/maps/placed-map.ts';
import { bytesOf } from './bitmap-cache.ts';
import { Loader } from './async-cache.ts';
import type { Outline } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Anomaly maps and what is drawn of them, the last used ones kept. */
export class MapCache {
  readonly #worker: RenderWorker;
  readonly #heatmaps = new Loader<ImageBitmap>(256 * 2 ** 20, bytesOf, (bitmap) => bitmap.close());
  readonly #covered = new Loader<CoveredImage>(64 * 2 ** 20, ({ map }) => map.values.byteLength);

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The scores themselves. */
  async covered(inspection: Inspection): Promise<CoveredImage> {
    return await this.#covered.load(inspection.map, () => this.#worker.ask('covered', { inspection }));
  }

  async outline(inspection: Inspection, threshold: number): Promise<Outline> {
    return await this.#worker.ask('outline', { inspection, threshold });
  }

  keptHeatmap(inspection: Inspection, scale: Scale, colors: ColourMapName): ImageBitmap | undefined {
    return this.#heatmaps.kept(heatmapKey(inspection, scale, colors));
  }

  async heatmap(inspection: Inspection, scale: Scale, colors: ColourMapName): Promise<ImageBitmap> {
    const key = heatmapKey(inspection, scale, colors);
    return await this.#heatmaps.load(key, () => this.#worker.ask('heatmap', { inspection, scale, colors }));
  }
}

function heatmapKey({ map }: Inspection, { low, high }: Scale, colors: ColourMapName): string {
  return `${map} ${low} ${high} ${colors}`;
}

export const [getMaps, setMaps] = createContext<MapCache>();
