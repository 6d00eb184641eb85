import type { Curves } from '../../../common/api/evaluation.ts';
import type { ResampledMetrics } from '../../../metrics/bootstrap.ts';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import type { LabeledMapFile } from '../data-types.ts';

/** Requests that compute metrics of a class. */
export interface EvaluationRequests {
  /** Computes metrics and curves of a class. The curves are decimated. */
  evaluateClass: {
    request: { images: LabeledMapFile[]; ignoreBorder: number; proFprLimit: number };
    response: { metrics: ClassMetrics; curves: Curves };
  };
  /** Counts the pixels of a class by score, in `bins` equal bins from `low` to `high`, by ground truth. */
  scoreHistogram: {
    request: {
      images: (LabeledMapFile & {
        /** Whether the ground truth of the image's pixels is known. */
        known: boolean;
      })[];
      ignoreBorder: number;
      bins: number;
      low: number;
      high: number;
    };
    response: { normal: number[]; anomalous: number[]; unknown: number[] };
  };
  /** Computes the metrics of a class's bootstrap resamples; pixel metrics are interpolated between the thresholds. */
  resampleClass: {
    request: {
      images: LabeledMapFile[];
      ignoreBorder: number;
      proFprLimit: number;
      thresholds: number[];
      resamples: number;
      seed: number;
    };
    response: {
      /** Metrics of all images, each counted once, with the same interpolation. */
      whole: ResampledMetrics;
      /** One for each resample. */
      drawn: ResampledMetrics[];
      /** Numbers of normal and of defective images. */
      normal: number;
      defective: number;
    };
  };
}
