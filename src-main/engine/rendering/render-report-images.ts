import sharp from 'sharp';
import type { ValueRange } from '../../common/maps/value-range.ts';
import { applyColormap } from '../../common/maps/colormaps.ts';
import { contourRings } from '../../common/maps/contour.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import { encodePreview } from '../readers/decode-image.ts';
import { readMask } from '../masks/mask.ts';
import { GROUND_TRUTH_STYLE, contourSvg, type OverlayTile } from './contour-svg.ts';
import type { EngineRequests } from '../protocol/messages.ts';

interface Size {
  width: number;
  height: number;
}

const JPEG = { quality: 82, chromaSubsampling: '4:4:4' };

/** Small pictures of an image for a report: itself with its ground truth outlined, and its heatmaps. */
export async function renderReportImages({
  path,
  crop,
  bitDepth,
  mask,
  maps,
  side,
  maxPixels,
}: EngineRequests['renderReportImages']['request']): Promise<
  EngineRequests['renderReportImages']['response']
> {
  const small = sharp(await encodePreview(path, side, { maxPixels, crop, bitDepth }));
  const { width, height } = await small.metadata();
  const shown = { width, height };
  if (mask !== undefined) small.composite(await groundTruthOutline(mask, shown, maxPixels));
  return {
    picture: await small.removeAlpha().jpeg(JPEG).toBuffer(),
    heatmaps: await Promise.all(maps.map(({ placed, range }) => heatmap(placed, range, shown))),
  };
}

async function groundTruthOutline(mask: string, shown: Size, maxPixels: number): Promise<OverlayTile[]> {
  const { values, width, height } = await readMask(mask, maxPixels);
  const map = { values: Float32Array.from(values), width, height };
  const rings = contourRings({ map, width, height, extentWidth: width, extentHeight: height }, 0.5);
  return contourSvg(rings, { width, height }, GROUND_TRUTH_STYLE, shown);
}

async function heatmap(placed: PlacedMap, range: ValueRange, shown: Size): Promise<Buffer> {
  const { map, width, height, extentWidth, extentHeight } = placed;
  const cover = {
    width: (extentWidth * shown.width) / width,
    height: (extentHeight * shown.height) / height,
  };
  const pixels = applyColormap(resizePlane(map, shown, cover), range);
  return sharp(pixels, { raw: { ...shown, channels: 4 } })
    .removeAlpha()
    .jpeg(JPEG)
    .toBuffer();
}
