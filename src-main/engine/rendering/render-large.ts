import type { Size } from '../../common/geometry.ts';
import { contourRings } from '../../common/maps/contour.ts';
import { regionCells } from '../../common/maps/inspection-region.ts';
import { type MaskRegion, maskRegions } from '../../common/maps/mask-polygons.ts';
import { insidePositions, type PlacedMap } from '../../common/maps/placed-map.ts';
import { reduceMap } from '../../common/maps/reduce-map.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import { splitBySize } from '../../common/maps/split-by-size.ts';
import { encodeMask } from '../masks/encode-mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { ImageCache } from '../inspection/image-cache.ts';
import type { EightBitBlock } from '../readers/eight-bit.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import { readMap } from '../readers/read-map.ts';
import { contourSvg, IGNORED_STYLE, PREDICTION_STYLE } from './contour-svg.ts';
import { dimOutside } from './dim-outside.ts';
import { overlayOn } from './overlay.ts';
import { reducePixels, rowsOf } from './reduce-pixels.ts';
import { renderHeatmap } from './render-heatmap.ts';

/** Pictures of images of more pixels are reduced by a whole number, so that they have at most this many. */
export const MAX_PICTURE_PIXELS = 16e6;

/**
 * Renders an inspection of a large image. Pictures are reduced; the regions are those of the map, in pixels of the image: their areas
 * and outlines are those of whole positions.
 */
export async function renderLarge(
  request: EngineRequests['renderInspection']['request'],
  imageCache: ImageCache,
): Promise<EngineRequests['renderInspection']['response']> {
  const { map, placement, range, threshold, limits } = request;
  const placed: PlacedMap = { ...placement, map: await readMap(map) };
  const { large, small } = limits ? splitBySize(placed, threshold, limits) : { large: placed };
  const factor = Math.ceil(Math.sqrt((placed.width * placed.height) / MAX_PICTURE_PIXELS));
  const size = { width: Math.ceil(placed.width / factor), height: Math.ceil(placed.height / factor) };
  const reduced = (part: PlacedMap) =>
    reduceMap(part, Math.max(1, Math.ceil((factor * part.map.width) / part.extentWidth)));
  const shown = reduced(large);
  const outlines = [
    ...(small ? contourSvg(contourRings(reduced(small), threshold), placed, IGNORED_STYLE, size) : []),
    ...contourSvg(contourRings(shown, threshold), placed, PREDICTION_STYLE, size),
  ];
  const [heatmap, overlay, { png }] = await Promise.all([
    renderHeatmap(reduced(placed), range, size).png().toBuffer(),
    overlayOn(await reducedPixels(request, factor, imageCache), [
      ...dimOutside(placed.region, placed, size),
      ...outlines,
    ]),
    encodeMask({ values: maskAt(size, shown, threshold), ...size }),
  ]);
  const regions = [
    ...regionsOf(large, threshold).map((region) => ({ ...region, counts: true })),
    ...(small ? regionsOf(small, threshold) : []).map((region) => ({ ...region, counts: false })),
  ];
  return { heatmap, overlay, mask: png, regions, reduction: factor };
}

/** The image reduced: from the pixels that its inspection kept, otherwise from its pixel file. */
async function reducedPixels(
  request: EngineRequests['renderInspection']['request'],
  factor: number,
  imageCache: ImageCache,
): Promise<EightBitBlock> {
  const kept = imageCache.keptPixels(request);
  if (kept) return reducePixels(rowsOf(kept), factor);
  const pixels = await openPixelFile(request, pixelStorage());
  try {
    return await reducePixels(pixels, factor);
  } finally {
    await pixels.close();
  }
}

/** The pixels of a picture at or above the threshold. */
function maskAt(size: Size, placed: PlacedMap, threshold: number): Uint8Array {
  const { map, width, height, extentWidth, extentHeight, region } = placed;
  const extent = {
    width: (extentWidth * size.width) / width,
    height: (extentHeight * size.height) / height,
  };
  const image = { width, height, extentWidth: width, extentHeight: height };
  const inside = region ? regionCells(region, image, size) : undefined;
  const scores = resizePlane(map, size, extent);
  const mask = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold && inside?.[i] !== 0) mask[i] = 1;
  return mask;
}

/** The regions of a map in pixels of the image, highest peak first. */
function regionsOf(placed: PlacedMap, threshold: number): MaskRegion[] {
  const { map, width, height } = placed;
  const mask = insidePositions(placed);
  for (let i = 0; i < mask.length; i++) if (map.values[i] < threshold) mask[i] = 0;
  const across = placed.extentWidth / map.width;
  const down = placed.extentHeight / map.height;
  const x = (column: number) => Math.min(width, column * across);
  const y = (row: number) => Math.min(height, row * down);
  const ring = (points: number[]) => points.map((at, i) => (i % 2 === 0 ? x(at) : y(at)));
  return maskRegions(mask, map.width, map.height, map.values)
    .map(({ area, box, centroid, outlines, holes, peak }) => ({
      area: Math.round(area * across * down),
      box: {
        left: Math.floor(x(box.left)),
        top: Math.floor(y(box.top)),
        width: Math.ceil(x(box.left + box.width)) - Math.floor(x(box.left)),
        height: Math.ceil(y(box.top + box.height)) - Math.floor(y(box.top)),
      },
      centroid: { x: x(centroid.x), y: y(centroid.y) },
      outlines: outlines.map(ring),
      holes: holes.map(ring),
      ...(peak && {
        peak: { score: peak.score, x: Math.floor(x(peak.x + 0.5)), y: Math.floor(y(peak.y + 0.5)) },
      }),
    }))
    .sort((a, b) => (b.peak?.score ?? 0) - (a.peak?.score ?? 0));
}
