import type { ErrorReport } from '../../src-main/api/errors.ts';
import type { Inspection } from '../../src-main/api/schemas.ts';
import type { ColourMapName, Scale } from '../../src-main/maps/colours.ts';
import type { CoveredImage } from '../../src-main/maps/cover.ts';
import type { Region } from '../../src-main/maps/regions.ts';
import type { Histogram } from '../scores/histogram.ts';

/** Where the map reaches a threshold: an SVG path in image pixels, and the connected regions by peak. */
export interface Outline {
  threshold: number;
  path: string;
  regions: Region[];
}

/** What the worker makes of an anomaly map, by kind: the question beside the inspection, and the answer. */
export interface MapTasks {
  covered: { question: object; answer: CoveredImage };
  histogram: { question: object; answer: Histogram };
  heatmap: { question: { scale: Scale; colours: ColourMapName }; answer: ImageBitmap };
  outline: { question: { threshold: number }; answer: Outline };
}
export type MapTask = keyof MapTasks;

export interface MapRequest<Kind extends MapTask = MapTask> {
  number: number;
  kind: Kind;
  inspection: Inspection;
  question: MapTasks[Kind]['question'];
}

export type MapAnswer =
  { number: number; answer: MapTasks[MapTask]['answer'] } | { number: number; error: ErrorReport };
