import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import type { Region } from '../../src-main/common/maps/regions.ts';

/** Where the map reaches a threshold: an SVG path in image pixels, and the connected regions by peak. */
export interface Outline {
  threshold: number;
  path: string;
  regions: Region[];
}

/** A ground truth mask: 1 where anomalous, row by row, and its outline as an SVG path in image pixels. */
export interface TruthMask {
  values: Uint8Array;
  width: number;
  height: number;
  path: string;
}

/** What the worker makes, by kind: the question and the answer. */
export interface Tasks {
  placed: { question: { inspection: Inspection }; answer: PlacedMap };
  heatmap: {
    question: { inspection: Inspection; scale: ValueRange; colors: ColormapName };
    answer: ImageBitmap;
  };
  outline: { question: { inspection: Inspection; threshold: number }; answer: Outline };
  mask: { question: { name: string }; answer: TruthMask };
}
export type Task = keyof Tasks;

export type TaskRequest = { [Kind in Task]: { number: number; kind: Kind } & Tasks[Kind]['question'] }[Task];
export type TaskAnswer =
  { number: number; answer: Tasks[Task]['answer'] } | { number: number; error: ErrorReport; lost: boolean };
