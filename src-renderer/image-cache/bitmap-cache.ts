import { createContext } from 'svelte';
import { fetchAsset, imageUrl } from '../api/assets.ts';
import { AsyncCache } from './async-cache.ts';

const BUDGET = 512 * 2 ** 20;

/** Decoded images by id. */
export class BitmapCache {
  readonly #images = new AsyncCache<ImageBitmap>(BUDGET, bytesOf, (bitmap) => bitmap.close());

  /** The cached image, without loading it. */
  peek(id: number): ImageBitmap | undefined {
    return this.#images.peek(String(id));
  }

  /** @throws AssetError if the host cannot decode the image */
  async load(id: number): Promise<ImageBitmap> {
    return await this.#images.get(String(id), async () => {
      const blob = await (await fetchAsset(imageUrl(id))).blob();
      return await createImageBitmap(blob);
    });
  }

  /** Loads images in advance, unless they would exceed the budget together with the active one. */
  async preload(shown: ImageBitmap, ids: number[]): Promise<void> {
    if (bytesOf(shown) * (ids.length + 1) > BUDGET) return;
    await Promise.allSettled(ids.map((id) => this.load(id)));
  }
}

/** Memory of a bitmap: 4 bytes per pixel. */
export function bytesOf(bitmap: ImageBitmap): number {
  return bitmap.width * bitmap.height * 4;
}

export const [getBitmaps, setBitmaps] = createContext<BitmapCache>();
