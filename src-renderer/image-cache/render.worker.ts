import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import { applyColormap, type ColormapName } from '../../src-main/common/maps/colormaps.ts';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { regionsAbove } from '../../src-main/common/maps/regions.ts';
import { resizePlane } from '../../src-main/common/maps/resize.ts';
import { fetchAsset, maskUrl } from '../api/assets.ts';
import { toErrorReport, isConnectionLost } from '../api/failures.ts';
import { fetchCovered } from './fetch-map.ts';
import { Recent } from './recent.ts';
import type { Outline, Task, TaskAnswer, TaskRequest, Tasks, TruthMask } from './worker-requests.ts';

/** Heatmaps of larger images are colored at this many pixels and drawn enlarged. */
const MOST_PIXELS = 4 * 2 ** 20;

const maps = new Recent<PlacedMap>(192 * 2 ** 20);

addEventListener('message', async (event: MessageEvent<TaskRequest>) => {
  const { number } = event.data;
  let reply: TaskAnswer;
  try {
    reply = { number, answer: await answer(event.data) };
  } catch (thrown) {
    reply = { number, error: toErrorReport(thrown), lost: isConnectionLost(thrown) };
  }
  postMessage(reply, { transfer: 'answer' in reply ? movable(reply.answer) : [] });
});

async function answer(request: TaskRequest): Promise<Tasks[Task]['answer']> {
  if (request.kind === 'mask') return await mask(request.name);
  const placed = await load(request.inspection);
  switch (request.kind) {
    case 'placed':
      return placed;
    case 'heatmap':
      return await heatmap(placed, request.scale, request.colors);
    case 'outline':
      return outline(placed, request.threshold);
  }
}

/** What is handed over instead of copied: what the worker has no further use for. */
function movable(answer: Tasks[Task]['answer']): Transferable[] {
  if (answer instanceof ImageBitmap) return [answer];
  return 'values' in answer ? [answer.values.buffer] : [];
}

async function load(inspection: Inspection): Promise<PlacedMap> {
  const kept = maps.get(inspection.map);
  if (kept) return kept;
  const placed = await fetchCovered(inspection);
  maps.put(inspection.map, placed, placed.map.values.byteLength);
  return placed;
}

async function heatmap(placed: PlacedMap, scale: ValueRange, colors: ColormapName): Promise<ImageBitmap> {
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (placed.width * placed.height)));
  const target = {
    width: Math.max(1, Math.round(placed.width * shrink)),
    height: Math.max(1, Math.round(placed.height * shrink)),
  };
  const cover = {
    width: (placed.extentWidth * target.width) / placed.width,
    height: (placed.extentHeight * target.height) / placed.height,
  };
  const pixels = applyColormap(resizePlane(placed.map, target, cover), scale, colors);
  return await createImageBitmap(new ImageData(pixels, target.width, target.height));
}

function outline(placed: PlacedMap, threshold: number): Outline {
  return { threshold, path: contourPath(placed, threshold), regions: regionsAbove(placed, threshold) };
}

async function mask(name: string): Promise<TruthMask> {
  const response = await fetchAsset(maskUrl(name));
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
