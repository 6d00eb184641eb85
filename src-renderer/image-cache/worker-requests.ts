import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import type { RegionSizeLimits } from '../../src-main/common/maps/split-by-size.ts';
import type { InspectionRegion } from '../../src-main/common/api/regions.ts';
import type { Region } from '../../src-main/common/maps/regions.ts';

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

/** What counts in an outline. */
export interface OutlineScope {
  /** The inspection region; the whole image if absent. */
  region?: InspectionRegion | undefined;
  /** The recipe's size limits; none if absent. */
  limits?: RegionSizeLimits | undefined;
}

/** A ground truth mask and its contour. */
export interface TruthMask {
  /** 1 for anomalous pixels, row by row. */
  values: Uint8Array;
  width: number;
  height: number;
  /** The contour as an SVG path in image pixels. */
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
  mask: { params: { name: string }; result: TruthMask };
}
export type RenderKind = keyof RenderRequests;
export type RenderResult = RenderRequests[RenderKind]['result'];

export type RenderRequest = {
  [Kind in RenderKind]: { id: number; kind: Kind } & RenderRequests[Kind]['params'];
}[RenderKind];
export type RenderResponse =
  { id: number; result: RenderResult } | { id: number; error: ErrorReport; lost: boolean };
