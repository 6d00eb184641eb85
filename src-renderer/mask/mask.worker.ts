import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { decodeMaskPng, encodeMaskPng } from '../../src-main/common/maps/mask-png.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';
import { fetchAsset } from '../api/assets.ts';
import { toErrorReport } from '../api/failures.ts';
import { MapStore } from '../image-cache/map-store.ts';
import { sampleMap } from '../image-cache/sample-map.ts';
import { untilMade } from '../image-cache/until-made.ts';
import { areaAround, holes, smallComponents } from './components.ts';
import { ImagePixels, type ImageSource } from './image-pixels.ts';
import { componentAt } from './score-region.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import { dilate, erosionLoss } from './morphology.ts';
import { placeSelection, searchPart, type Selection } from './search-part.ts';
import { selectSimilar } from './select-similar.ts';

interface MaskParams {
  /** The anomalous pixels. */
  runs: Runs;
  size: Size;
}

interface SimilarParams extends Point {
  image: ImageSource;
  tolerance: number;
  contiguous: boolean;
}

interface RegionParams extends Point {
  inspection: Inspection;
  threshold: number;
}

const images = new ImagePixels();
const maps = new MapStore(32 * 2 ** 20);

/** The operations by name. Each takes longer than a frame on a large image. Points are whole pixels. */
const handlers = {
  /** The anomalous pixels of a stored mask. */
  open: async ({ url }: { url: string }): Promise<Runs> => {
    const png = new Uint8Array(await (await fetchAsset(url)).arrayBuffer());
    return (await decodeMaskPng(png)).runs;
  },
  encode: ({ runs, size }: MaskParams) => encodeMaskPng(runs, size),
  fill: ({ runs, size, ...point }: MaskParams & Point) => areaAround(runs, size, point),
  holes: ({ runs, size }: MaskParams) => holes(runs, size),
  smallComponents: ({ runs, size, area }: MaskParams & { area: number }) => smallComponents(runs, size, area),
  dilate: ({ runs, size, radius }: MaskParams & { radius: number }) => dilate(runs, size, radius),
  erosionLoss: ({ runs, size, radius }: MaskParams & { radius: number }) => erosionLoss(runs, size, radius),
  selectSimilar: async ({ image, x, y, tolerance, contiguous }: SimilarParams): Promise<Selection> => {
    const part = searchPart(image, { x, y });
    const rgba = await untilMade(() => images.read(image, part));
    const runs = selectSimilar(rgba, part, x - part.x, y - part.y, tolerance, contiguous);
    return placeSelection(runs, part, image, contiguous);
  },
  componentAt: async ({ inspection, threshold, x, y }: RegionParams): Promise<Selection | undefined> => {
    const part = searchPart(inspection, { x, y });
    const values = await untilMade(async () => sampleMap(await maps.levels(inspection), 0, part));
    const runs = componentAt({ ...part, values }, threshold, x - part.x, y - part.y);
    return runs && placeSelection(runs, part, inspection, true);
  },
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
    const handler = handlers[kind] as (params: unknown) => Promise<Runs | Uint8Array | Selection | undefined>;
    const result = await handler(params);
    const pixels = result && 'runs' in result ? result.runs : result;
    postMessage({ id, result }, { transfer: pixels ? [pixels.buffer] : [] });
  } catch (thrown) {
    postMessage({ id, error: toErrorReport(thrown) });
  }
});
