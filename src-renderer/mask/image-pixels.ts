import { TILE_SIDE } from '../../src-main/common/tiles.ts';
import { fetchAsset, imageUrl, tileUrl } from '../api/assets.ts';
import type { Point, Size } from '../viewer/viewport.ts';

/** An image whose pixels are read. */
export interface ImageSource extends Size {
  id: number;
  /** Whether the host serves it as tiles. */
  tiled: boolean;
}

/** Reads parts of images. The last part is cached, because a user often applies a tool several times to one image. */
export class ImagePixels {
  #last: { key: string; pixels: Promise<Uint8ClampedArray> } | undefined;

  /** @returns 8-bit RGBA of the part, row by row */
  async read(image: ImageSource, part: Point & Size): Promise<Uint8ClampedArray> {
    const key = `${image.id} ${part.x} ${part.y}`;
    if (this.#last?.key !== key) {
      const pixels = image.tiled ? readTiles(image, part) : readWhole(image, part);
      const last = { key, pixels };
      this.#last = last;
      pixels.catch(() => {
        if (this.#last === last) this.#last = undefined;
      });
    }
    return await this.#last.pixels;
  }
}

async function readWhole({ id }: ImageSource, part: Point & Size): Promise<Uint8ClampedArray> {
  const context = contextOf(part);
  await draw(context, imageUrl(id), { x: -part.x, y: -part.y });
  return context.getImageData(0, 0, part.width, part.height).data;
}

async function readTiles({ id }: ImageSource, part: Point & Size): Promise<Uint8ClampedArray> {
  const context = contextOf(part);
  const tiles: Promise<void>[] = [];
  for (let y = Math.floor(part.y / TILE_SIDE); y * TILE_SIDE < part.y + part.height; y++)
    for (let x = Math.floor(part.x / TILE_SIDE); x * TILE_SIDE < part.x + part.width; x++) {
      const at = { x: x * TILE_SIDE - part.x, y: y * TILE_SIDE - part.y };
      tiles.push(draw(context, tileUrl(id, { level: 0, x, y }), at));
    }
  await Promise.all(tiles);
  return context.getImageData(0, 0, part.width, part.height).data;
}

function contextOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('Not enough memory for the pixels of the image.');
  return context;
}

async function draw(context: OffscreenCanvasRenderingContext2D, url: string, { x, y }: Point): Promise<void> {
  const blob = await (await fetchAsset(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  context.drawImage(bitmap, x, y);
  bitmap.close();
}
