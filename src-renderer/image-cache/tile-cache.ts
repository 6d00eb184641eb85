import { createContext } from 'svelte';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import { fetchAsset, tileUrl } from '../api/assets.ts';
import { ByteCache } from './byte-cache.ts';
import type { RenderWorker } from './render-worker.ts';
import { TileLoader } from './tile-loader.svelte.ts';

/** Over a hundred tiles: several screens of an image and its heatmap. */
const BUDGET = 128 * 2 ** 20;

/** Tiles of large images and of their heatmaps. */
export class TileCache {
  readonly #worker: RenderWorker;
  readonly #bitmaps = new ByteCache<ImageBitmap>(BUDGET, (bitmap) => bitmap.close());

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  image({ id, width, height }: Pick<DatasetImage, 'id' | 'width' | 'height'>): TileLoader {
    return new TileLoader(`image ${id}`, { width, height }, this.#bitmaps, async (tile, signal) => {
      const response = await fetchAsset(tileUrl(id, tile), { signal });
      return await createImageBitmap(await response.blob());
    });
  }

  heatmap(inspection: Inspection, range: ValueRange, colors: ColormapName): TileLoader {
    const { map, width, height } = inspection;
    const name = `map ${map} ${range.low} ${range.high} ${colors}`;
    return new TileLoader(name, { width, height }, this.#bitmaps, (tile) =>
      this.#worker.request('heatmapTile', { inspection, range, colors, tile }),
    );
  }
}

export const [getTiles, setTiles] = createContext<TileCache>();
