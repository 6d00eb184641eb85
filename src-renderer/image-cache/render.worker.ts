import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { colourise, type ColourMapName, type Scale } from '../../src-main/common/maps/colormaps.ts';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import type { CoveredImage } from '../../src-main/common/maps/placed-map.ts';
import { regionsAbove } from '../../src-main/common/maps/regions.ts';
import { resizePlane } from '../../src-main/common/maps/resize.ts';
import { fetchAsset, maskAddress } from '../api/assets.ts';
import { failureOf, isLost } from '../api/failures.ts';
import { fetchCovered } from './fetch-map.ts';
import { Recent } from './recent.ts';
import type { Outline, Task, TaskAnswer, TaskRequest, Tasks, TruthMask } from './worker-requests.ts';

/** Heatmaps of larger images are colored at this many pixels and drawn enlarged. */
const MOST_PIXELS = 4 * 2 ** 20;

const maps = new Recent<CoveredImage>(192 * 2 ** 20);

addEventListener('message', async (event: MessageEvent<TaskRequest>) => {
  const { number } = event.data;
  let reply: TaskAnswer;
  try {
    reply = { number, answer: await answer(event.data) };
  } catch (thrown) {
    reply = { number, error: failureOf(thrown), lost: isLost(thrown) };
  }
  postMessage(reply, { transfer: 'answer' in reply ? movable(reply.answer) : [] });
});

async function answer(request: TaskRequest): Promise<Tasks[Task]['answer']> {
  if (request.kind === 'mask') return await mask(request.name);
  const covered = await load(request.inspection);
  switch (request.kind) {
    case 'covered':
      return covered;
    case 'heatmap':
      return await heatmap(covered, request.scale, request.colors);
    case 'outline':
      return outline(covered, request.threshold);
  }
}

/** What is handed over instead of copied: what the worker has no further use for. */
function movable(answer: Tasks[Task]['answer']): Transferable[] {
  if (answer instanceof ImageBitmap) return [answer];
  return 'values' in answer ? [answer.values.buffer] : [];
}

async function load(inspection: Inspection): Promise<CoveredImage> {
  const kept = maps.get(inspection.map);
  if (kept) return kept;
  const covered = await fetchCovered(inspection);
  maps.put(inspection.map, covered, covered.map.values.byteLength);
  return covered;
}

async function heatmap(covered: CoveredImage, scale: Scale, colors: ColourMapName): Promise<ImageBitmap> {
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (covered.width * covered.height)));
  const target = {
    width: Math.max(1, Math.round(covered.width * shrink)),
    height: Math.max(1, Math.round(covered.height * shrink)),
  };
  const cover = {
    width: (covered.extentWidth * target.width) / covered.width,
    height: (covered.extentHeight * target.height) / covered.height,
  };
  const pixels = colourise(resizePlane(covered.map, target, cover), scale, colors);
  return await createImageBitmap(new ImageData(pixels, target.width, target.height));
}

function outline(covered: CoveredImage, threshold: number): Outline {
  return { threshold, path: contourPath(covered, threshold), regions: regionsAbove(covered, threshold) };
}

async function mask(name: string): Promise<TruthMask> {
  const response = await fetchAsset(maskAddress(name));
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let at = 0; at < values.length; at++) values[at] = data[4 * at] > 127 ? 1 : 0;
  const map = { values: Float32Array.from(values), width, height };
  const path = contourPath({ map, width, height, extentWidth: width, extentHeight: height }, 0.5);
  return { values, width, height, path };
}
