import { createContext } from 'svelte';
import { fetchAsset, imageUrl } from '../api/assets.ts';
import { Loader } from './async-cache.ts';

const BUDGET = 512 * 2 ** 20;

/** Decoded images, the last used ones kept. */
export class BitmapCache {
  readonly #images = new Loader<ImageBitmap>(BUDGET, bytesOf, (bitmap) => bitmap.close());

  /** The image, if it can be shown at once. */
  kept(id: number): ImageBitmap | undefined {
    return this.#images.kept(String(id));
  }

  /** @throws AssetError where the host cannot show the image */
  async load(id: number): Promise<ImageBitmap> {
    return await this.#images.load(String(id), async () => {
      const blob = await (await fetchAsset(imageUrl(id))).blob();
      return await createImageBitmap(blob);
    });
  }

  /** Loads images that are likely to be asked for next, unless they are so large that they would push out what is seen. */
  async preload(shown: ImageBitmap, ids: number[]): Promise<void> {
    if (bytesOf(shown) * (ids.length + 1) > BUDGET) return;
    await Promise.allSettled(ids.map((id) => this.load(id)));
  }
}

/** Memory that a bitmap takes. */
export function bytesOf(bitmap: ImageBitmap): number {
  return bitmap.width * bitmap.height * 4;
}

export const [getBitmaps, setBitmaps] = createContext<BitmapCache>();
