import type { OverlayOptions } from 'sharp';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Size } from '../../common/geometry.ts';
import { regionCells } from '../../common/maps/inspection-region.ts';

/** Brightness outside the inspection region, out of 255. */
const DIMMED = 102;

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
  const placement = { ...image, extentWidth: image.width, extentHeight: image.height };
  const brightness = regionCells(region, placement, shown).map((inside) => (inside === 1 ? 255 : DIMMED));
  const raw = { width, height, channels: 1 } as const;
  return [
    {
      input: Buffer.from(brightness.buffer),
      raw,
      blend: 'multiply',
      limitInputPixels: false,
      left: 0,
      top: 0,
    },
  ];
}
