import type { OverlayOptions } from 'sharp';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Size } from '../../common/geometry.ts';
import { regionCells } from '../../common/maps/inspection-region.ts';

/** Opacity of the black layer outside the inspection region. */
const DIMNESS = 0.6;

/**
 * An overlay that darkens the image outside an inspection region.
 *
 * @param image size of the image in pixels
 * @param shown size in pixels at which the image is displayed
 * @returns nothing if the whole image is inspected
 */
export function dimOutside(
  region: InspectionRegion | null | undefined,
  image: Size,
  shown: Size = image,
): OverlayOptions[] {
  if (!region) return [];
  const { width, height } = shown;
  const inside = regionCells(
    region,
    { ...image, extentWidth: image.width, extentHeight: image.height },
    shown,
  );
  const pixels = Buffer.alloc(4 * width * height);
  for (const [at, isInside] of inside.entries())
    if (isInside === 0) pixels[4 * at + 3] = Math.round(255 * DIMNESS);
  const raw = { width, height, channels: 4 } as const;
  return [{ input: pixels, raw, limitInputPixels: false, left: 0, top: 0 }];
}
