import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { DEFAULT_PRO_FPR_LIMIT } from './pro-limit.ts';

/**
 * Metrics of one method on one class (docs/method.md, section 4), as fractions of 1. A metric is null if it is undefined (no anomalous pixel, no
 * normal image, ...).
 */
export const metrics = z.object({
  auroc: z.number().nullable(),
  /** Area under the per-region-overlap curve up to `proFprLimit`, divided by that limit. */
  auPro: z.number().nullable(),
  averagePrecision: z.number().nullable(),
  f1Max: z.number().nullable(),
  /** The threshold at which F1 is highest. */
  f1MaxThreshold: z.number().nullable(),
  /** Image-level AUROC. The score of an image is the maximum of its map. */
  imageAuroc: z.number().nullable(),
  /** Mean covered fraction of the regions at `f1MaxThreshold`. */
  meanRegionOverlap: z.number().nullable(),
  /** Evaluated images: those with ground truth and a result. */
  images: z.int(),
  /** Defective images, by ground truth or by their folder. */
  anomalousImages: z.int(),
  /** Defective images without a usable mask, which count only in `imageAuroc`. */
  imagesWithoutMask: z.int(),
  regions: z.int(),
  /** Images with ground truth but no result of this method. */
  missing: z.int(),
  secondsPerImage: z.number().nullable(),
  /** Why metrics are null or incomplete, one sentence each. */
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

/** A cell of the class x method table. */
export const cell = z.object({ textureClass: z.string(), method: z.int(), metrics });
export type Cell = z.infer<typeof cell>;

export const evaluationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cell'), cell, done: z.int(), total: z.int() }),
  z.object({ type: z.literal('progress'), textureClass: z.string(), method: z.int(), fraction: z.number() }),
]);
export type EvaluationEvent = z.infer<typeof evaluationEvent>;

/** A curve decimated for display with its area preserved. `threshold` decreases along it. */
export const curve = z.object({
  x: z.array(z.number()),
  y: z.array(z.number()),
  threshold: z.array(z.number()),
});
export type Curve = z.infer<typeof curve>;

/** ROC: FPR, TPR. PRO: FPR, mean region coverage. PR: recall, precision. */
export const curves = z.object({ roc: curve, pro: curve, pr: curve });
export type Curves = z.infer<typeof curves>;

/** Histogram of the pixel scores of a class: equal bins from `low` to `high`, by ground truth. */
export const scoreHistogram = z.object({
  low: z.number(),
  high: z.number(),
  normal: z.array(z.number()),
  anomalous: z.array(z.number()),
  unknown: z.array(z.number()),
  /** The threshold of the maximum F1, and those at which the FPR reaches a limit. */
  suggestedThresholds: z.array(z.object({ label: z.string(), score: z.number() })),
});
export type ScoreHistogram = z.infer<typeof scoreHistogram>;

const resampled = z.array(z.number().nullable());
/**
 * Metrics of a class's bootstrap resamples: as many normal and as many defective images as the class has, drawn
 * with replacement. Metric i of each list is of resample i; null if undefined. The lists are empty if nothing can be evaluated.
 */
export const bootstrap = z.object({
  normal: z.int(),
  defective: z.int(),
  resamples: z.object({ auPro: resampled, auroc: resampled, f1Max: resampled, imageAuroc: resampled }),
  /** Largest difference of a metric of all images to its exact value: the error of interpolating pixel metrics. */
  deviation: z.number(),
});
export type Bootstrap = z.infer<typeof bootstrap>;
export const bootstrapMetric = bootstrap.shape.resamples.keyof();
export type BootstrapMetric = z.infer<typeof bootstrapMetric>;

/** Metrics reported in the paper, in percent: dataset -> class (or `mean`) -> system -> metric. */
export const paperMetrics = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
);
export type PaperMetrics = z.infer<typeof paperMetrics>;

/** The metrics of one system that the paper reports on a dataset. */
export const paperSystem = z.object({
  system: z.string(),
  /** Metrics in percent by class name of the dataset. Classes that the paper omits are absent. */
  classes: z.record(z.string(), z.partialRecord(metricName, z.number())),
  mean: z.partialRecord(metricName, z.number()),
});
export type PaperSystem = z.infer<typeof paperSystem>;

export const exportedFile = z.object({ name: z.string(), mediaType: z.string(), content: z.string() });
export type ExportedFile = z.infer<typeof exportedFile>;

const scope = z.object({
  dataset: z.int(),
  methods: z.array(z.int()).min(1).max(20),
  /** Pixels ignored at each side; defaults to the dataset's setting. */
  ignoreBorder: z.int().min(0).optional(),
  proFprLimit: z.number().positive().max(1).default(DEFAULT_PRO_FPR_LIMIT),
});
const one = z.object({
  dataset: z.int(),
  textureClass: z.string(),
  method: z.int(),
  ignoreBorder: z.int().min(0).optional(),
});

export const evaluation = {
  /** Yields the metrics of every class and method; cached metrics come first. */
  table: oc.input(scope).output(eventIterator(evaluationEvent)),
  curves: oc.input(one).output(curves),
  histogram: oc.input(one.extend({ bins: z.int().min(2).max(1000).default(120) })).output(scoreHistogram),
  /** Bootstrap resamples of a class; cached like metrics. */
  bootstrap: oc
    .input(
      one.extend({
        proFprLimit: scope.shape.proFprLimit,
        resamples: z.int().min(100).max(10_000).default(1000),
        seed: z
          .int()
          .min(0)
          .max(2 ** 32 - 1)
          .default(0),
      }),
    )
    .output(bootstrap),
  /** Rank disagreement of methods per image, largest first: 0 to 1, the spread of the image's rank within its class. */
  disagreement: oc
    .input(z.object({ dataset: z.int(), methods: z.array(z.int()).min(2).max(20) }))
    .output(z.object({ images: z.array(z.object({ image: z.int(), disagreement: z.number() })) })),
  /** The table as a report; `html` also contains curves and examples. The first method is the base. */
  report: oc.input(scope.extend({ format: z.enum(['text', 'json', 'csv', 'html']) })).output(exportedFile),
  /** Metrics that the paper reports on the dataset; no systems if the paper does not use it. */
  paper: oc.input(z.object({ dataset: z.int() })).output(z.object({ systems: z.array(paperSystem) })),
};
