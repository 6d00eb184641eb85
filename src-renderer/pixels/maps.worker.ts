import type { Inspection } from '../../src-main/api/schemas.ts';
import { colourise, type ColourMapName, type Scale } from '../../src-main/maps/colours.ts';
import { contourPath } from '../../src-main/maps/contour.ts';
import { scoresInside, type CoveredImage } from '../../src-main/maps/cover.ts';
import { regionsAbove } from '../../src-main/maps/regions.ts';
import { resizePlane } from '../../src-main/maps/resize.ts';
import { failureOf } from '../api/failures.ts';
import { histogramOf, type Histogram } from '../scores/histogram.ts';
import { fetchCovered } from './covered.ts';
import type { MapAnswer, MapRequest, Outline } from './map-tasks.ts';
import { Recent } from './recent.ts';

/** Heatmaps of larger images are coloured at this many pixels and drawn enlarged. */
const MOST_PIXELS = 4 * 2 ** 20;
const HISTOGRAM_BINS = 256;

const maps = new Recent<CoveredImage>(192 * 2 ** 20);

addEventListener('message', async (event: MessageEvent<MapRequest>) => {
  const { number } = event.data;
  let reply: MapAnswer;
  try {
    reply = { number, answer: await answer(event.data) };
  } catch (thrown) {
    reply = { number, error: failureOf(thrown) };
  }
  const bitmap = 'answer' in reply && reply.answer instanceof ImageBitmap ? [reply.answer] : [];
  postMessage(reply, { transfer: bitmap });
});

async function answer(request: MapRequest): Promise<CoveredImage | Histogram | ImageBitmap | Outline> {
  const covered = await load(request.inspection);
  if (request.kind === 'covered') return covered;
  if (request.kind === 'histogram') return histogram(covered, request.inspection);
  const question = request.question as { scale: Scale; colours: ColourMapName } & { threshold: number };
  if (request.kind === 'heatmap') return await heatmap(covered, question.scale, question.colours);
  const { threshold } = question;
  return { threshold, path: contourPath(covered, threshold), regions: regionsAbove(covered, threshold) };
}

async function load(inspection: Inspection): Promise<CoveredImage> {
  const kept = maps.get(inspection.map);
  if (kept) return kept;
  const covered = await fetchCovered(inspection);
  maps.put(inspection.map, covered, covered.map.values.byteLength);
  return covered;
}

function histogram(covered: CoveredImage, { min, max }: Inspection): Histogram {
  return histogramOf(scoresInside(covered), { low: min, high: max }, HISTOGRAM_BINS);
}

async function heatmap(covered: CoveredImage, scale: Scale, colours: ColourMapName): Promise<ImageBitmap> {
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (covered.width * covered.height)));
  const target = {
    width: Math.max(1, Math.round(covered.width * shrink)),
    height: Math.max(1, Math.round(covered.height * shrink)),
  };
  const cover = {
    width: (covered.coverWidth * target.width) / covered.width,
    height: (covered.coverHeight * target.height) / covered.height,
  };
  const pixels = colourise(resizePlane(covered.map, target, cover), scale, colours);
  return await createImageBitmap(new ImageData(pixels, target.width, target.height));
}
