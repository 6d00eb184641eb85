import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { resizeToImage } from '../../src-main/common/maps/resize.ts';
import { fetchAsset } from '../api/assets.ts';
import { toErrorReport } from '../api/failures.ts';
import { fetchMap } from '../image-cache/fetch-map.ts';
import { holes, smallComponents } from './components.ts';
import { floodFill } from './flood.ts';
import { componentAt } from './score-region.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import { dilate, erosionLoss } from './morphology.ts';
import { encodeGrayPng } from './png.ts';
import type { Runs } from './runs.ts';
import { selectSimilar } from './select-similar.ts';

/** A mask, copied to the worker. */
interface MaskParams {
  pixels: Uint8Array<ArrayBuffer>;
  size: Size;
}

interface SimilarParams extends Point {
  /** URL of the image. */
  image: string;
  tolerance: number;
  contiguous: boolean;
}

interface RegionParams extends Point {
  inspection: Inspection;
  threshold: number;
}

/** The operations by name. Each takes longer than a frame on a large image. Points are whole pixels. */
const handlers = {
  /** The pixels of a stored mask. */
  open: ({ url }: { url: string }) => openMask(url),
  encode: ({ pixels, size }: MaskParams) => encodeGrayPng(pixels, size),
  /**
   * The 4-connected normal area around a point, or the 8-connected anomalous area if the point is anomalous.
   */
  fill: ({ pixels, size, x, y }: MaskParams & Point) =>
    floodFill(pixels, size, x, y, pixels[y * size.width + x] === 0 ? 4 : 8),
  holes: ({ pixels, size }: MaskParams) => holes(pixels, size),
  smallComponents: ({ pixels, size, area }: MaskParams & { area: number }) =>
    smallComponents(pixels, size, area),
  dilate: ({ pixels, size, radius }: MaskParams & { radius: number }) => dilate(pixels, size, radius),
  erosionLoss: ({ pixels, size, radius }: MaskParams & { radius: number }) =>
    erosionLoss(pixels, size, radius),
  selectSimilar: async ({ image, x, y, tolerance, contiguous }: SimilarParams) => {
    const { data, width, height } = await pixelsOf(image);
    return selectSimilar(data, { width, height }, x, y, tolerance, contiguous);
  },
  componentAt: async ({ inspection, threshold, x, y }: RegionParams) =>
    componentAt(await scoresOf(inspection), threshold, x, y),
};
export type MaskHandlers = typeof handlers;
export type MaskKind = keyof MaskHandlers;

export interface MaskRequest {
  id: number;
  kind: MaskKind;
  params: Parameters<MaskHandlers[MaskKind]>[0];
}

addEventListener('message', async ({ data }: MessageEvent<MaskRequest>) => {
  const { id, kind, params } = data;
  try {
    const handler = handlers[kind] as (params: unknown) => Promise<Runs | Uint8Array | undefined>;
    const result = await handler(params);
    postMessage({ id, result }, { transfer: result ? [result.buffer] : [] });
  } catch (thrown) {
    postMessage({ id, error: toErrorReport(thrown) });
  }
});

async function openMask(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = await decode(url);
  const pixels = new Uint8Array(data.length / 4);
  for (let at = 0; at < pixels.length; at++) pixels[at] = data[4 * at] < 128 ? 0 : 255;
  return pixels;
}

async function decode(url: string): Promise<ImageData> {
  const blob = await (await fetchAsset(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('Not enough memory for the pixels of the image.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** The last result is cached, because a user often applies a tool several times to one image. */
const pixelsOf = cacheLast(decode, (url) => url);
const scoresOf = cacheLast(
  async (inspection: Inspection): Promise<PlacedMap['map']> => resizeToImage(await fetchMap(inspection)),
  ({ map }) => map,
);

function cacheLast<Key, Value>(
  load: (key: Key) => Promise<Value>,
  idOf: (key: Key) => string,
): (key: Key) => Promise<Value> {
  let last: { id: string; value: Promise<Value> } | undefined;
  return async (key) => {
    const id = idOf(key);
    if (last?.id !== id) {
      const current = { id, value: load(key) };
      last = current;
      current.value.catch(() => {
        if (last === current) last = undefined;
      });
    }
    return await last.value;
  };
}
