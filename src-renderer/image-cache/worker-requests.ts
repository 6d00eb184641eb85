import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import type { RegionSizeLimits } from '../../src-main/common/maps/split-by-size.ts';
import type { InspectionRegion } from '../../src-main/common/api/regions.ts';
import type { TileAddress } from '../../src-main/common/tiles.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Region } from '../../src-main/common/maps/regions.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { ContourPart } from './map-contour.ts';

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

/** A ground truth mask and its contour. */
export interface TruthMask {
  /** The anomalous pixels. */
  runs: Runs;
  width: number;
  height: number;
  /** The contour as an SVG path in image pixels; empty if the mask is large, whose contour `maskContour` has for a part. */
  path: string;
}

/** The requests of the render worker by kind, with their responses. */
export interface RenderRequests {
  placed: { params: { inspection: Inspection }; result: PlacedMap };
  heatmap: {
    params: { inspection: Inspection; range: ValueRange; colors: ColormapName };
    result: ImageBitmap;
  };
  outline: { params: { inspection: Inspection; threshold: number; scope: OutlineScope }; result: Outline };
  /** The heatmap's tile at a tile of the image. */
  heatmapTile: {
    params: { inspection: Inspection; range: ValueRange; colors: ColormapName; tile: TileAddress };
    result: ImageBitmap;
  };
  /** The scores of a part of the image, row by row. */
  scores: { params: { inspection: Inspection; part: Point & Size }; result: Float32Array<ArrayBuffer> };
  /** The regions of a large map. A later request for regions cancels an earlier one. */
  regions: { params: { inspection: Inspection; threshold: number; scope: OutlineScope }; result: RegionList };
  /** The contour of a large map in a part of the image, at the resolution of a level of the image. */
  contourPart: {
    params: {
      inspection: Inspection;
      threshold: number;
      scope: OutlineScope;
      level: number;
      part: Point & Size;
    };
    result: ContourPart;
  };
  mask: { params: { name: string }; result: TruthMask };
  /** The contour of a mask in a part of the image. */
  maskContour: { params: { name: string; level: number; part: Point & Size }; result: ContourPart };
}
export type RenderKind = keyof RenderRequests;
export type RenderResult = RenderRequests[RenderKind]['result'];

export type RenderRequest = {
  [Kind in RenderKind]: { id: number; kind: Kind } & RenderRequests[Kind]['params'];
}[RenderKind];
export type RenderResponse =
  { id: number; result: RenderResult } | { id: number; error: ErrorReport; lost: boolean };
