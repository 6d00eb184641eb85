import type { InspectionRegion } from '../../src-main/common/api/regions.ts';
import type { Region } from '../../src-main/common/maps/regions.ts';
import type { RegionSizeLimits } from '../../src-main/common/maps/split-by-size.ts';
import type { Point, Size } from '../viewer/viewport.ts';

/** The contour of a map at a threshold as SVG paths in image pixels, and its connected regions by descending peak. */
export interface Outline {
  threshold: number;
  path: string;
  /** The contour of the regions below the size limits. */
  smallPath: string;
  regions: OutlinedRegion[];
}

/** A region, and whether it is below the size limits. */
export interface OutlinedRegion extends Region {
  small: boolean;
}

/** The regions of a large map: at most the first `MAX_REGIONS`, and the numbers of all. */
export interface RegionList {
  regions: OutlinedRegion[];
  /** Regions that satisfy the size limits, and those that do not. */
  large: number;
  small: number;
}

/** What counts in an outline. */
export interface OutlineScope {
  /** The inspection region; the whole image if absent. */
  region?: InspectionRegion | undefined;
  /** The recipe's size limits; none if absent. */
  limits?: RegionSizeLimits | undefined;
}

/** The contour in a part of a large map, and the part that it covers, in image pixels. */
export interface ContourPart {
  path: string;
  /** The contour of the regions below the size limits. */
  smallPath: string;
  part: Point & Size;
}
