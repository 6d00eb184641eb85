import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { resizeToImage } from '../../src-main/common/maps/resize.ts';
import { fetchAsset } from '../api/assets.ts';
import { toErrorReport } from '../api/failures.ts';
import { fetchMap } from '../image-cache/fetch-map.ts';
import { holesOf, specksOf } from './components.ts';
import { flood } from './flood.ts';
import { mapRegion } from './score-region.ts';
import type { Size } from './mask.ts';
import { grown, shrinkage } from './morphology.ts';
import { encodeGrayPng } from './png.ts';
import type { Runs } from './runs.ts';
import { wand } from './select-similar.ts';

/** A mask as it travels to the worker: a copy. */
interface Drawn {
  pixels: Uint8Array<ArrayBuffer>;
  size: Size;
}

/** A pixel that was pointed at. */
interface At {
  x: number;
  y: number;
}

/** What takes longer than a frame on a large image, by name. */
const tasks = {
  /** The pixels of a mask of the store. */
  open: ({ address }: { address: string }) => openMask(address),
  encode: ({ pixels, size }: Drawn) => encodeGrayPng(pixels, size),
  /** The normal area around a place (by sides) or, to take it away, the anomalous one (with corners). */
  fill: ({ pixels, size, x, y }: Drawn & At) =>
    flood(pixels, size, x, y, pixels[y * size.width + x] === 0 ? 4 : 8),
  holes: ({ pixels, size }: Drawn) => holesOf(pixels, size),
  specks: ({ pixels, size, area }: Drawn & { area: number }) => specksOf(pixels, size, area),
  grow: ({ pixels, size, radius }: Drawn & { radius: number }) => grown(pixels, size, radius),
  shrink: ({ pixels, size, radius }: Drawn & { radius: number }) => shrinkage(pixels, size, radius),
  wand: async ({ image, x, y, tolerance, contiguous }: WandQuestion) => {
    const { data, width, height } = await pixelsOf(image);
    return wand(data, { width, height }, x, y, tolerance, contiguous);
  },
  region: async ({ inspection, threshold, x, y }: RegionQuestion) =>
    mapRegion(await scoresOf(inspection), threshold, x, y),
};
export type MaskTasks = typeof tasks;
export type MaskTask = keyof MaskTasks;

interface WandQuestion extends At {
  /** Address of the image. */
  image: string;
  tolerance: number;
  contiguous: boolean;
}

interface RegionQuestion extends At {
  inspection: Inspection;
  threshold: number;
}

export interface MaskRequest {
  number: number;
  kind: MaskTask;
  question: Parameters<MaskTasks[MaskTask]>[0];
}

addEventListener('message', async ({ data }: MessageEvent<MaskRequest>) => {
  const { number, kind, question } = data;
  try {
    const answer = await (tasks[kind] as (question: unknown) => Promise<Runs | Uint8Array | undefined>)(
      question,
    );
    postMessage({ number, answer }, { transfer: answer ? [answer.buffer] : [] });
  } catch (thrown) {
    postMessage({ number, error: toErrorReport(thrown) });
  }
});

async function openMask(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = await decode(address);
  const pixels = new Uint8Array(data.length / 4);
  for (let at = 0; at < pixels.length; at++) pixels[at] = data[4 * at] < 128 ? 0 : 255;
  return pixels;
}

async function decode(address: string): Promise<ImageData> {
  const blob = await (await fetchAsset(address)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('Not enough memory for the pixels of the image.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** The last of its kind is kept: a person tries the wand, or regions, several times on one image. */
const pixelsOf = keepLast(decode, (address) => address);
const scoresOf = keepLast(
  async (inspection: Inspection): Promise<PlacedMap['map']> => resizeToImage(await fetchMap(inspection)),
  ({ map }) => map,
);

function keepLast<Question, Answer>(
  make: (question: Question) => Promise<Answer>,
  keyOf: (question: Question) => string,
): (question: Question) => Promise<Answer> {
  let last: { key: string; answer: Promise<Answer> } | undefined;
  return async (question) => {
    const key = keyOf(question);
    if (last?.key !== key) {
      const kept = { key, answer: make(question) };
      last = kept;
      kept.answer.catch(() => {
        if (last === kept) last = undefined;
      });
    }
    return await last.answer;
  };
}
