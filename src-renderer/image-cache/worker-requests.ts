import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import type { TileAddress } from '../../src-main/common/tiles.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { ContourPart, Outline, OutlineScope, RegionList } from './outline.ts';

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
