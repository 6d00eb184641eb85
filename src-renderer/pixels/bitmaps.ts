import { fetchAsset, imageAddress } from '../api/assets.ts';
import { Recent } from './recent.ts';

const BUDGET = 512 * 2 ** 20;

/** Decoded images, the last used ones kept. */
export class Bitmaps {
  readonly #kept = new Recent<ImageBitmap>(BUDGET, (bitmap) => bitmap.close());
  readonly #loading = new Map<string, Promise<ImageBitmap>>();

  /** The image, if it can be shown at once. */
  kept(id: string): ImageBitmap | undefined {
    return this.#kept.get(id);
  }

  /** @throws AssetError where the host cannot show the image */
  async load(id: string): Promise<ImageBitmap> {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const loading = this.#loading.get(id) ?? this.#decode(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return await loading;
  }

  /** Loads images that are likely to be asked for next, unless they are so large that they would push out what is seen. */
  async preload(shown: ImageBitmap, ids: string[]): Promise<void> {
    if (bytesOf(shown) * (ids.length + 1) > BUDGET) return;
    await Promise.allSettled(ids.map((id) => this.load(id)));
  }

  async #decode(id: string): Promise<ImageBitmap> {
    const blob = await (await fetchAsset(imageAddress(id))).blob();
    const bitmap = await createImageBitmap(blob);
    this.#kept.put(id, bitmap, bytesOf(bitmap));
    return bitmap;
  }
}

function bytesOf(bitmap: ImageBitmap): number {
  return bitmap.width * bitmap.height * 4;
}
