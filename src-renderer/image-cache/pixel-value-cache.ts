import { createContext } from 'svelte';
import { readNpy, type NpyArray } from '../../src-main/common/maps/npy.ts';
import { fetchAsset, pixelValuesUrl } from '../api/assets.ts';
import { AsyncCache } from './async-cache.ts';
import type { Point } from '../viewer/viewport.ts';

const BUDGET = 256 * 2 ** 20;

/** Pixel values of images with more than 8 bits, as stored in their files, C x H x W, by image id. */
export class PixelValueCache {
  readonly #images = new AsyncCache<NpyArray>(BUDGET, ({ values }) => values.byteLength);

  /** @throws AssetError if the host cannot read the image */
  async load(id: number): Promise<NpyArray> {
    return await this.#images.get(String(id), async () => {
      const response = await fetchAsset(pixelValuesUrl(id));
      return readNpy(new Uint8Array(await response.arrayBuffer()), 'the values of the image');
    });
  }
}

/** The value of each channel of a pixel. */
export function valuesAt({ shape: [channels, height, width], values }: NpyArray, { x, y }: Point): number[] {
  return Array.from({ length: channels }, (_, channel) => values[(channel * height + y) * width + x]);
}

export const [getPixelValues, setPixelValues] = createContext<PixelValueCache>();
