import type { Curve, ScoreHistogram } from '../../common/api/evaluation.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';
import type { Store } from '../../store/store.ts';
import { evaluationKey } from './cache-key.ts';
import { mapFile } from './class-evaluator.ts';
import type { EvaluationSample } from './class-samples.ts';
import { storeEvaluation } from './store-evaluation.ts';

/** False positive rates for which thresholds are suggested. */
const MARKED_RATES = [0.01, 0.05];

/**
 * The histogram of a class's pixel scores, by ground truth, with equal bins over the range of scores. It is
 * cached like metrics.
 *
 * @param images images with a result, with or without ground truth
 */
export async function classHistogram(
  images: readonly EvaluationSample[],
  {
    ignoreBorder,
    bins,
    ...of
  }: { dataset: number; method: number; textureClass: string; ignoreBorder: number; bins: number },
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): Promise<Omit<ScoreHistogram, 'suggestedThresholds'>> {
  const none = () => new Array<number>(bins).fill(0);
  if (images.length === 0) return { low: 0, high: 0, normal: none(), anomalous: none(), unknown: none() };
  const key = evaluationKey(images, { ignoreBorder, bins });
  const kept = store.evaluations.find(key);
  if (kept) return JSON.parse(kept.outcome) as Omit<ScoreHistogram, 'suggestedThresholds'>;
  const low = images.reduce((least, { result }) => Math.min(least, result.min), Infinity);
  const high = images.reduce((most, { result }) => Math.max(most, result.max), -Infinity);
  const files = images.map((sample) => ({
    ...mapFile(sample, store),
    known: sample.image.groundTruth !== 'unknown',
  }));
  const counts = await engine.request(
    'scoreHistogram',
    { images: files, ignoreBorder, bins, low, high },
    { signal },
  );
  const histogram = { low, high, ...counts };
  storeEvaluation(store, { key, ...of, outcome: JSON.stringify(histogram), curves: null });
  return histogram;
}

/**
 * Suggests the threshold of F1-max, and the lowest thresholds whose false positive rate is within each limit.
 */
export function suggestThresholds(
  { f1MaxThreshold }: ClassMetrics,
  roc: Curve,
): ScoreHistogram['suggestedThresholds'] {
  const best = f1MaxThreshold === null ? [] : [{ label: 'F1-max', score: f1MaxThreshold }];
  const limits = MARKED_RATES.flatMap((limit) => {
    const at = roc.x.findLastIndex((rate) => rate <= limit);
    // The threshold of the first point is above every score.
    return at > 0 ? [{ label: `FPR ${100 * limit} %`, score: roc.threshold[at] }] : [];
  });
  return [...best, ...limits];
}
