import { createContext } from 'svelte';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import { TILE_SIDE } from '../../src-main/common/tiles.ts';
import { fetchAsset, tileUrl } from '../api/assets.ts';
import { toErrorReport } from '../api/failures.ts';
import { levelFor, tilesOver } from '../viewer/tiles.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import { bytesOf, type BitmapCache } from './bitmap-cache.ts';
import { ByteCache } from './byte-cache.ts';

/** Over a thousand pictures of 144 x 144 pixels. */
const BUDGET = 96 * 2 ** 20;
/** Pictures made at the same time. */
const MAX_JOBS = 2;
/** Pause before tiles are requested again that the host has not made yet. */
const RETRY_MS = 1000;

type Source = Pick<DatasetImage, 'id' | 'width' | 'height' | 'tiled'>;

/** Small pictures of parts of images. Of a large image, only the tiles of the part are loaded. */
export class CropCache {
  readonly #bitmaps: BitmapCache;
  readonly #crops = new ByteCache<ImageBitmap>(BUDGET, (bitmap) => bitmap.close());
  #jobs = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(bitmaps: BitmapCache) {
    this.#bitmaps = bitmaps;
  }

  /**
   * A part of an image, its longer side scaled to `side` pixels.
   *
   * @throws AssetError if the image cannot be read; the reason of `signal` if that aborts
   */
  async load(image: Source, part: Point & Size, side: number, signal: AbortSignal): Promise<ImageBitmap> {
    const key = [image.id, part.x, part.y, part.width, part.height, side].join(' ');
    const known = this.#crops.get(key);
    if (known) return known;
    await this.#turn();
    try {
      signal.throwIfAborted();
      const crop = await this.#crop(image, part, side, signal);
      this.#crops.set(key, crop, bytesOf(crop));
      return crop;
    } finally {
      this.#jobs--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#jobs >= MAX_JOBS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#jobs++;
  }

  async #crop(image: Source, part: Point & Size, side: number, signal: AbortSignal): Promise<ImageBitmap> {
    const scale = side / Math.max(part.width, part.height);
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(part.width * scale)),
      Math.max(1, Math.round(part.height * scale)),
    );
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.imageSmoothingQuality = 'high';
    context.scale(scale, scale);
    context.translate(-part.x, -part.y);
    if (image.tiled) {
      const level = levelFor(scale, image);
      for (const tile of tilesOver(image, level, part)) {
        const bitmap = await tileBitmap(tileUrl(image.id, tile), signal);
        const [pixel, step] = [2 ** level, TILE_SIDE * 2 ** level];
        const place = [tile.x * step, tile.y * step, bitmap.width * pixel, bitmap.height * pixel] as const;
        context.drawImage(bitmap, ...place);
        bitmap.close();
      }
    } else {
      context.drawImage(await this.#bitmaps.load(image.id), 0, 0, image.width, image.height);
    }
    return canvas.transferToImageBitmap();
  }
}

/** Loads a tile; asks again as long as the host still makes it. */
async function tileBitmap(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  for (;;) {
    try {
      const response = await fetchAsset(address, { signal });
      return await createImageBitmap(await response.blob());
    } catch (thrown) {
      if (signal.aborted || toErrorReport(thrown).code !== 'NOT_YET') throw thrown;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      signal.throwIfAborted();
    }
  }
}

export const [getCrops, setCrops] = createContext<CropCache>();
