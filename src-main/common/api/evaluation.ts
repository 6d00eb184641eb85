import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';

/**
 * Metrics of one method over one class (method.md, section 4); each null where it is not defined (no anomalous pixel, no
 * normal image, ...). Fractions of 1.
 */
export const metrics = z.object({
  auroc: z.number().nullable(),
  /** Area under the per-region overlap curve up to `proFprLimit`, divided by it. */
  auPro: z.number().nullable(),
  averagePrecision: z.number().nullable(),
  f1Max: z.number().nullable(),
  /** The score at which F1 is reached. */
  f1MaxThreshold: z.number().nullable(),
  /** Of images, each scored by the maximum of its map. */
  imageAuroc: z.number().nullable(),
  /** Mean covered fraction of the regions at `f1MaxThreshold`. */
  meanRegionOverlap: z.number().nullable(),
  /** Images that the metrics are over: with ground truth and a result. */
  images: z.int(),
  /** Defective images: by ground truth, wherever in the image, or by their folder. */
  anomalousImages: z.int(),
  /** Those of them that count in `imageAuroc` alone: no usable mask says where the defect is. */
  imagesWithoutMask: z.int(),
  regions: z.int(),
  /** Images with ground truth that have no result of this method (yet). */
  missing: z.int(),
  secondsPerImage: z.number().nullable(),
  /** Why metrics are null, or what they do not rest on, each in a sentence. */
  notes: z.array(z.string()),
});
export type Metrics = z.infer<typeof metrics>;
export const metricName = z.enum([
  'auPro',
  'auroc',
  'averagePrecision',
  'f1Max',
  'imageAuroc',
  'meanRegionOverlap',
]);
export type MetricName = z.infer<typeof metricName>;

/** A row of the table class x method. */
export const cell = z.object({ textureClass: z.string(), method: z.int(), metrics });
export type Cell = z.infer<typeof cell>;

export const evaluationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cell'), cell, done: z.int(), total: z.int() }),
  z.object({ type: z.literal('progress'), textureClass: z.string(), method: z.int(), fraction: z.number() }),
]);
export type EvaluationEvent = z.infer<typeof evaluationEvent>;

/** A curve thinned for display such that its area does not move; `threshold` falls along it. */
export const curve = z.object({
  x: z.array(z.number()),
  y: z.array(z.number()),
  threshold: z.array(z.number()),
});
export type Curve = z.infer<typeof curve>;

/** ROC: FPR, TPR. PRO: FPR, mean region coverage. PR: recall, precision. */
export const curves = z.object({ roc: curve, pro: curve, pr: curve });
export type Curves = z.infer<typeof curves>;

/** Pixels of a class by score in equal bins from `low` to `high`, apart by ground truth. */
export const scoreHistogram = z.object({
  low: z.number(),
  high: z.number(),
  normal: z.array(z.number()),
  anomalous: z.array(z.number()),
  unknown: z.array(z.number()),
  /** Thresholds worth a mark: the best F1, and those at which FPR reaches a limit. */
  suggestedThresholds: z.array(z.object({ label: z.string(), score: z.number() })),
});
export type ScoreHistogram = z.infer<typeof scoreHistogram>;

/** Metrics of the paper, percent: dataset -> class (or `mean`) -> system -> metric. */
export const paperMetrics = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
);
export type PaperMetrics = z.infer<typeof paperMetrics>;

/** What the paper reports on one dataset, to stand beside its metrics here. */
export const paperSystem = z.object({
  system: z.string(),
  /** Percent by metric, by the names that the classes have here; those that the paper leaves out are absent. */
  classes: z.record(z.string(), z.partialRecord(metricName, z.number())),
  mean: z.partialRecord(metricName, z.number()),
});
export type PaperSystem = z.infer<typeof paperSystem>;

export const exportedFile = z.object({ name: z.string(), mediaType: z.string(), content: z.string() });
export type ExportedFile = z.infer<typeof exportedFile>;

const scope = z.object({
  dataset: z.int(),
  methods: z.array(z.int()).min(1).max(20),
  /** Pixels cut at every side; the dataset's own by default. */
  ignoreBorder: z.int().min(0).optional(),
  proFprLimit: z.number().positive().max(1).default(0.3),
});
const one = z.object({
  dataset: z.int(),
  textureClass: z.string(),
  method: z.int(),
  ignoreBorder: z.int().min(0).optional(),
});

export const evaluation = {
  /** Metrics of every class by every method, one after the other; cached metrics come first. */
  table: oc.input(scope).output(eventIterator(evaluationEvent)),
  curves: oc.input(one).output(curves),
  histogram: oc.input(one.extend({ bins: z.int().min(2).max(1000).default(120) })).output(scoreHistogram),
  /** How much methods disagree on each image (0 to 1: spread of the image's rank among its class), largest first. */
  disagreement: oc
    .input(z.object({ dataset: z.int(), methods: z.array(z.int()).min(2).max(20) }))
    .output(z.object({ images: z.array(z.object({ image: z.int(), disagreement: z.number() })) })),
  /** The table as a report; `html` also contains curves and examples. The first method is the base. */
  report: oc.input(scope.extend({ format: z.enum(['text', 'json', 'csv', 'html']) })).output(exportedFile),
  /** What the paper reports on the dataset; no systems where it is none of the paper's. */
  paper: oc.input(z.object({ dataset: z.int() })).output(z.object({ systems: z.array(paperSystem) })),
};
