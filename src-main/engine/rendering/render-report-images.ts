import sharp from 'sharp';
import { contourRings } from '../../common/maps/contour.ts';
import { readMask } from '../masks/mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { previewImage } from '../pyramids/preview-image.ts';
import { contourSvg, GROUND_TRUTH_STYLE, type OverlayTile } from './contour-svg.ts';
import { dimOutside } from './dim-outside.ts';
import { renderHeatmap } from './render-heatmap.ts';
import type { Size } from '../../common/geometry.ts';

const JPEG = { quality: 82, chromaSubsampling: '4:4:4' };

/** Renders an image for a report: a small copy with its ground truth outlined, and a heatmap of each of its maps. */
export async function renderReportImages({
  path,
  crop,
  bitDepth,
  direction,
  mask,
  maps,
  side,
  maxPixels,
}: EngineRequests['renderReportImages']['request']): Promise<
  EngineRequests['renderReportImages']['response']
> {
  const image = sharp(await previewImage(path, side, { maxPixels, crop, bitDepth, direction }));
  const { width, height } = await image.metadata();
  const size = { width, height };
  const dimmed = maps.slice(0, 1).flatMap(({ placed }) => dimOutside(placed.region, placed, size));
  const outline = mask === undefined ? [] : await outlineGroundTruth(mask, size, maxPixels);
  image.composite([...dimmed, ...outline]);
  return {
    image: await image.removeAlpha().jpeg(JPEG).toBuffer(),
    heatmaps: await Promise.all(
      maps.map(({ placed, range }) => renderHeatmap(placed, range, size).jpeg(JPEG).toBuffer()),
    ),
  };
}

async function outlineGroundTruth(mask: string, size: Size, maxPixels: number): Promise<OverlayTile[]> {
  const { values, width, height } = await readMask(mask, maxPixels);
  const map = { values: Float32Array.from(values), width, height };
  const rings = contourRings({ map, width, height, extentWidth: width, extentHeight: height }, 0.5);
  return contourSvg(rings, { width, height }, GROUND_TRUTH_STYLE, size);
}
