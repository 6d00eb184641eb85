import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { AnomalyMap } from '../../src-main/common/maps/anomaly-map.ts';
import { readNpy } from '../../src-main/common/maps/npy.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { fetchAsset, mapTileUrl } from '../api/assets.ts';
import { AsyncCache } from './async-cache.ts';
import { fetchMap } from './fetch-map.ts';
import { isLargeMap, TiledMap, WholeMap, type PlacedLevels } from './map-levels.ts';

const bytesOf = ({ values }: AnomalyMap): number => values.byteLength;

/** The maps of a worker: whole ones, and tiles of large ones. */
export class MapStore {
  readonly #maps: AsyncCache<PlacedMap>;
  readonly #tiles: AsyncCache<AnomalyMap>;
  /** Reductions of the map that was used last. */
  #levels: { map: AnomalyMap; levels: WholeMap } | undefined;

  /** @param budget in bytes, for whole maps and for tiles each */
  constructor(budget: number) {
    this.#maps = new AsyncCache(budget, ({ map }) => bytesOf(map));
    this.#tiles = new AsyncCache(budget, bytesOf);
  }

  /** A map that is not large. */
  async whole(inspection: Inspection): Promise<PlacedMap> {
    return await this.#maps.get(inspection.map, () => fetchMap(inspection));
  }

  /** Any map at several resolutions. */
  async levels(inspection: Inspection): Promise<PlacedLevels> {
    const { map: name, mapWidth, mapHeight } = inspection;
    if (!isLargeMap(inspection)) {
      const placed = await this.whole(inspection);
      if (this.#levels?.map !== placed.map)
        this.#levels = { map: placed.map, levels: new WholeMap(placed.map) };
      return { ...placed, map: this.#levels.levels };
    }
    const map = new TiledMap({ width: mapWidth, height: mapHeight }, (address) => {
      const url = mapTileUrl(name, address);
      return this.#tiles.get(url, () => fetchTile(url));
    });
    const { width, height, extentWidth, extentHeight } = inspection;
    return { map, width, height, extentWidth, extentHeight };
  }
}

async function fetchTile(url: string): Promise<AnomalyMap> {
  const response = await fetchAsset(url);
  const { shape, values } = readNpy(
    new Uint8Array(await response.arrayBuffer()),
    'a tile of the anomaly map',
  );
  const [height, width] = shape.slice(-2);
  return { values, width, height };
}
