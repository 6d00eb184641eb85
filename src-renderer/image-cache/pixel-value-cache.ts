import { createContext } from 'svelte';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import { readNpy, type NpyArray } from '../../src-main/common/maps/npy.ts';
import { TILE_SIDE } from '../../src-main/common/tiles.ts';
import { fetchAsset, pixelValuesUrl, tileValuesUrl } from '../api/assets.ts';
import { AsyncCache } from './async-cache.ts';
import type { Point } from '../viewer/viewport.ts';

const BUDGET = 256 * 2 ** 20;

/** Pixel values as stored in the file, C x H x W: of an image, or of a tile. */
export interface PixelValues {
  url: string;
  array: NpyArray;
}

/** The address of the values around a pixel: of the image, or of the tile if the image is large. */
export function valuesUrl({ id, tiled }: DatasetImage, { x, y }: Point): string {
  if (!tiled) return pixelValuesUrl(id);
  return tileValuesUrl(id, { level: 0, x: Math.floor(x / TILE_SIDE), y: Math.floor(y / TILE_SIDE) });
}

/** Pixel values of images with more than 8 bits by address. */
export class PixelValueCache {
  readonly #arrays = new AsyncCache<NpyArray>(BUDGET, ({ values }) => values.byteLength);

  /** @throws AssetError if the host cannot read the image */
  async load(url: string): Promise<NpyArray> {
    return await this.#arrays.get(url, async () => {
      const response = await fetchAsset(url);
      return readNpy(new Uint8Array(await response.arrayBuffer()), 'the values of the image');
    });
  }
}

/** The value of each channel of a pixel of the image. */
export function valuesAt({ url, array }: PixelValues, { x, y }: Point): number[] {
  const [channels, height, width] = array.shape;
  const isTile = url.includes('/tiles/');
  const at = isTile ? (y % TILE_SIDE) * width + (x % TILE_SIDE) : y * width + x;
  return Array.from({ length: channels }, (_, channel) => array.values[channel * height * width + at]);
}

export const [getPixelValues, setPixelValues] = createContext<PixelValueCache>();
