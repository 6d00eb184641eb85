import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import type { Region } from '../../src-main/common/maps/regions.ts';

/**
 * A map's contour at a threshold as an SVG path in image pixels, and its connected regions by descending
 * peak.
 */
export interface Outline {
  threshold: number;
  path: string;
  regions: Region[];
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
  outline: { params: { inspection: Inspection; threshold: number }; result: Outline };
  mask: { params: { name: string }; result: TruthMask };
}
export type RenderKind = keyof RenderRequests;
export type RenderResult = RenderRequests[RenderKind]['result'];

export type RenderRequest = {
  [Kind in RenderKind]: { id: number; kind: Kind } & RenderRequests[Kind]['params'];
}[RenderKind];
export type RenderResponse =
  { id: number; result: RenderResult } | { id: number; error: ErrorReport; lost: boolean };
