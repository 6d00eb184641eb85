import sharp, { type Sharp } from 'sharp';
import { applyColormap } from '../../common/maps/colormaps.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import type { ValueRange } from '../../common/maps/value-range.ts';
import { dimOutside } from './dim-outside.ts';

/**
 * Renders a map in "Reds", as an RGB image of the given size, and dims the image outside the inspection
 * region.
 */
export function renderHeatmap(
  { map, width, height, extentWidth, extentHeight, region }: PlacedMap,
  range: ValueRange,
  size: { width: number; height: number } = { width, height },
): Sharp {
  const extent = {
    width: (extentWidth * size.width) / width,
    height: (extentHeight * size.height) / height,
  };
  const pixels = applyColormap(resizePlane(map, size, extent), range);
  const { width: columns, height: rows } = size;
  return sharp(pixels, {
    raw: { width: columns, height: rows, channels: 4 },
    limitInputPixels: false,
  })
    .composite(dimOutside(region, { width, height }, size))
    .removeAlpha();
}
