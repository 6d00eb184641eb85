import type { ContourPart, Outline, OutlineScope, RegionList } from './outline.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import { applyColormap, type ColormapName } from '../../src-main/common/maps/colormaps.ts';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { regionsAbove } from '../../src-main/common/maps/regions.ts';
import { splitBySize } from '../../src-main/common/maps/split-by-size.ts';
import { resizePlane } from '../../src-main/common/maps/resize.ts';
import { PerchError } from '../../src-main/common/api/errors.ts';
import { TILE_SIDE, tileSize, type TileAddress } from '../../src-main/common/tiles.ts';
import { decodeMaskPng, type DecodedMask } from '../../src-main/common/maps/mask-png.ts';
import { fetchAsset, maskUrl } from '../api/assets.ts';
import { toErrorReport, isConnectionLost } from '../api/failures.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import { largeRegions, type LargeRegion } from './large-regions.ts';
import { contourOfPart } from './map-contour.ts';
import { contourOfMask } from './mask-contour.ts';
import { isLargeMask } from './mask-cache.ts';
import { AsyncCache } from './async-cache.ts';
import { MapStore } from './map-store.ts';
import { sampleMap } from './sample-map.ts';
import { untilMade } from './until-made.ts';
import type {
  RenderRequests,
  RenderRequest,
  RenderResponse,
  RenderResult,
  TruthMask,
} from './worker-requests.ts';

/** Heatmaps of larger images are rendered with this many pixels and enlarged when drawn. */
const MAX_PIXELS = 4 * 2 ** 20;

/** Regions of a large map that are sent to the page. */
const MAX_REGIONS = 2000;

/** The tiles of a map of 537 megapixels at stride 4 fit, so that a new threshold finds its regions fast. */
const maps = new MapStore(112 * 2 ** 20);
const masks = new AsyncCache<DecodedMask>(64 * 2 ** 20, ({ runs }) => runs.byteLength);

addEventListener('message', async ({ data }: MessageEvent<RenderRequest>) => {
  const { id } = data;
  let response: RenderResponse;
  try {
    response = { id, result: await handle(data) };
  } catch (thrown) {
    response = { id, error: toErrorReport(thrown), lost: isConnectionLost(thrown) };
  }
  postMessage(response, { transfer: 'result' in response ? transferables(response.result) : [] });
});

async function handle(request: RenderRequest): Promise<RenderResult> {
  if (request.kind === 'mask') return await loadMask(request.name);
  if (request.kind === 'maskContour')
    return contourOfMask(await decodedMask(request.name), request.level, request.part);
  const { inspection } = request;
  switch (request.kind) {
    case 'heatmapTile':
      return await renderTile(inspection, request);
    case 'scores':
      return await untilMade(async () => sampleMap(await maps.levels(inspection), 0, request.part));
    case 'regions':
      return await untilMade(() => findRegions(request));
    case 'contourPart':
      return await untilMade(() => findContour(request));
  }
  const placed = await maps.whole(inspection);
  switch (request.kind) {
    case 'placed':
      return placed;
    case 'heatmap':
      return await renderHeatmap(placed, request.range, request.colors);
    case 'outline':
      return outline({ ...placed, region: request.scope.region ?? null }, request.threshold, request.scope);
  }
}

/** The buffers that are transferred to the page. A map is copied, because the worker caches it. */
function transferables(result: RenderResult): Transferable[] {
  if (result instanceof ImageBitmap) return [result];
  if (result instanceof Float32Array) return [result.buffer];
  return 'runs' in result ? [result.runs.buffer] : [];
}

/** The part of a level that a tile shows. */
function partOf(size: Size, tile: TileAddress): Point & Size {
  return { x: tile.x * TILE_SIDE, y: tile.y * TILE_SIDE, ...tileSize(size, tile) };
}

async function renderTile(
  inspection: Inspection,
  { tile, range, colors }: RenderRequests['heatmapTile']['params'],
): Promise<ImageBitmap> {
  const part = partOf(inspection, tile);
  const scores = await sampleMap(await maps.levels(inspection), tile.level, part);
  const pixels = applyColormap(scores, range, colors);
  return await createImageBitmap(new ImageData(pixels, part.width, part.height));
}

/** The regions of the last request, from which contours learn which are below the size limits. */
let found: { key: string; regions: readonly LargeRegion[] } | undefined;
let searches = 0;

function searchKey({ inspection, threshold, scope }: RenderRequests['regions']['params']): string {
  return JSON.stringify([inspection.map, threshold, scope]);
}

async function findRegions(params: RenderRequests['regions']['params']): Promise<RegionList> {
  const search = ++searches;
  /** Lets other requests run, among them one that replaces this one. */
  const proceed = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    if (search !== searches) throw new PerchError('CANCELED', 'The threshold has changed.');
  };
  const { inspection, threshold, scope } = params;
  const regions = await largeRegions(await maps.levels(inspection), threshold, scope, proceed);
  found = { key: searchKey(params), regions };
  const small = regions.filter((region) => region.small).length;
  return {
    regions: regions.slice(0, MAX_REGIONS).map(({ outlined }) => outlined),
    large: regions.length - small,
    small,
  };
}

async function findContour(params: RenderRequests['contourPart']['params']): Promise<ContourPart> {
  const { inspection, threshold, scope, level, part } = params;
  const regions = found?.key === searchKey(params) ? found.regions : [];
  return await contourOfPart(await maps.levels(inspection), threshold, level, part, scope.region, regions);
}

async function renderHeatmap(
  placed: PlacedMap,
  range: ValueRange,
  colors: ColormapName,
): Promise<ImageBitmap> {
  const shrink = Math.min(1, Math.sqrt(MAX_PIXELS / (placed.width * placed.height)));
  const size = {
    width: Math.max(1, Math.round(placed.width * shrink)),
    height: Math.max(1, Math.round(placed.height * shrink)),
  };
  const extent = {
    width: (placed.extentWidth * size.width) / placed.width,
    height: (placed.extentHeight * size.height) / placed.height,
  };
  const pixels = applyColormap(resizePlane(placed.map, size, extent), range, colors);
  return await createImageBitmap(new ImageData(pixels, size.width, size.height));
}

function outline(placed: PlacedMap, threshold: number, { limits }: OutlineScope): Outline {
  if (!limits) {
    const regions = regionsAbove(placed, threshold).map((region) => ({ ...region, small: false }));
    return { threshold, path: contourPath(placed, threshold), smallPath: '', regions };
  }
  const { large, small } = splitBySize(placed, threshold, limits);
  return {
    threshold,
    path: contourPath(large, threshold),
    smallPath: contourPath(small, threshold),
    regions: [
      ...regionsAbove(large, threshold).map((region) => ({ ...region, small: false })),
      ...regionsAbove(small, threshold).map((region) => ({ ...region, small: true })),
    ],
  };
}

async function loadMask(name: string): Promise<TruthMask> {
  const mask = await decodedMask(name);
  const { width, height, runs } = mask;
  const path = isLargeMask(mask) ? '' : contourOfMask(mask, 0, { x: 0, y: 0, width, height }).path;
  return { width, height, runs: runs.slice(), path };
}

async function decodedMask(name: string): Promise<DecodedMask> {
  return await masks.get(name, async () => {
    const response = await fetchAsset(maskUrl(name));
    return await decodeMaskPng(new Uint8Array(await response.arrayBuffer()));
  });
}
