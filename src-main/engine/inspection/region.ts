import { PerchError } from '../../common/api/errors.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Size } from '../../common/geometry.ts';
import { isWholeImage, regionProblem } from '../../common/maps/inspection-region.ts';
import { insidePositions, type PlacedMap } from '../../common/maps/placed-map.ts';

/** An image file, and its inspected part. */
interface RegionRequest {
  path: string;
  region?: InspectionRegion | null | undefined;
  method: Pick<AnyMethod, 'resize'>;
}

/** Size in pixels of the area that a map spans on the resized image. */
interface Extent {
  extentWidth: number;
  extentHeight: number;
}

/** @throws PerchError `INVALID_ARGUMENT` if the inspection region leaves nothing of the image */
export function assertRegionFits({ path, region }: RegionRequest, { width, height }: Size): void {
  const problem = region ? regionProblem(region, { width, height }) : undefined;
  if (problem !== undefined) throw new PerchError('INVALID_ARGUMENT', `${path}: ${problem}`);
}

/** A map's position on the image of the file; the inspection region refers to the file's pixels. */
export function placeOnFile(
  { extentWidth, extentHeight }: Extent,
  { width, height }: Size,
  { region, method: { resize } }: RegionRequest,
): Omit<PlacedMap, 'map'> {
  return {
    width,
    height,
    extentWidth: resize ? (extentWidth * width) / resize : extentWidth,
    extentHeight: resize ? (extentHeight * height) / resize : extentHeight,
    ...(region && !isWholeImage(region) && { region }),
  };
}

/**
 * The positions of a feature map inside the inspection region.
 *
 * @returns H x W, 1 inside; undefined if the whole image is inspected
 */
export function insideFeatures(
  extraction: Extent & { features: Size },
  image: Size,
  request: RegionRequest,
): Uint8Array | undefined {
  const { region, ...placement } = placeOnFile(extraction, image, request);
  if (!region) return undefined;
  const { width, height } = extraction.features;
  return insidePositions({ ...placement, region, map: { width, height, values: new Float32Array(0) } });
}

/** @throws PerchError `INVALID_ARGUMENT` if the inspection region is so small that it contains no position of the map */
export function assertAnyInside(placed: PlacedMap, path: string): void {
  const { region, map } = placed;
  if (!region || insidePositions(placed).includes(1)) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The inspection region contains no position of the ${map.width} x ${map.height} anomaly map of ${path}. Make the region larger.`,
  );
}
