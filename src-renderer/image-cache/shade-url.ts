import type { InspectionRegion } from '../../src-main/common/api/regions.ts';
import type { Size } from '../../src-main/common/geometry.ts';
import { drawShade, shadeOf } from '../viewer/shade.ts';

/** Longer side of the picture in pixels. */
const SIDE = 160;

/** Each region's pictures by image size. Most images of a class have the same size. */
const urls = new WeakMap<InspectionRegion, Map<string, string>>();

/**
 * A picture with the image's proportions that dims the area outside the region; undefined for the whole
 * image.
 */
export function shadeUrl(region: InspectionRegion | undefined, { width, height }: Size): string | undefined {
  if (!region) return undefined;
  const known = urls.get(region) ?? new Map<string, string>();
  urls.set(region, known);
  const key = `${width} ${height}`;
  const url = known.get(key) ?? drawUrl(region, { width, height });
  known.set(key, url);
  return url;
}

function drawUrl(region: InspectionRegion, image: Size): string {
  const shade = shadeOf(region, image);
  const scale = SIDE / Math.max(image.width, image.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  if (!shade || !context) return '';
  context.setTransform(scale, 0, 0, scale, 0, 0);
  drawShade(context, shade, image, scale);
  return canvas.toDataURL();
}
