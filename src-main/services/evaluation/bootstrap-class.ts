import {
  type Bootstrap,
  bootstrap,
  type BootstrapMetric,
  bootstrapMetric,
} from '../../common/api/evaluation.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { evaluationKey } from './cache-key.ts';
import { type ClassEvaluator, mapFile, type Settings } from './class-evaluator.ts';
import type { ClassSamples } from './class-samples.ts';
import { storeEvaluation } from './store-evaluation.ts';

/** Decimal places of stored metrics. */
const DECIMALS = 6;

/**
 * Resamples the images of a class. Pixel metrics are interpolated between the thresholds of the class's curves,
 * so that maps are read once for all resamples.
 */
export async function bootstrapClass(
  samples: ClassSamples,
  { resamples, seed, ...settings }: Settings & { resamples: number; seed: number },
  { store, engine, evaluator }: { store: Store; engine: EngineClient; evaluator: ClassEvaluator },
  signal: AbortSignal,
): Promise<Bootstrap> {
  const { images, textureClass } = samples;
  const { dataset, method, ignoreBorder, proFprLimit } = settings;
  const key = evaluationKey(images, { ignoreBorder, proFprLimit, resamples, seed });
  const known = store.evaluations.find(key);
  if (known) return bootstrap.parse(JSON.parse(known.outcome));
  const evaluated = await evaluator.evaluate(samples, settings, signal);
  if (!evaluated) return { normal: 0, defective: 0, resamples: listsOf(() => []), deviation: 0 };

  const { metrics } = evaluated;
  const { roc, pro, pr } = await evaluator.curvesOf(evaluated);
  const thresholds = [...roc.threshold, ...pro.threshold, ...pr.threshold];
  if (metrics.f1MaxThreshold !== null) thresholds.push(metrics.f1MaxThreshold);
  const { whole, drawn, ...counts } = await engine.request(
    'resampleClass',
    {
      images: images.map((sample) => mapFile(sample, store)),
      ignoreBorder,
      proFprLimit,
      resamples,
      seed,
      thresholds: [...new Set(thresholds)],
    },
    { signal },
  );
  const outcome: Bootstrap = {
    ...counts,
    resamples: listsOf((name) => drawn.map((of) => rounded(of[name]))),
    deviation: Math.max(
      ...bootstrapMetric.options.map((name) => Math.abs((whole[name] ?? 0) - (metrics[name] ?? 0))),
    ),
  };
  storeEvaluation(store, {
    key,
    dataset,
    method,
    textureClass,
    outcome: JSON.stringify(outcome),
    curves: null,
  });
  return outcome;
}

function listsOf(valuesOf: (name: BootstrapMetric) => (number | null)[]): Bootstrap['resamples'] {
  return Object.fromEntries(
    bootstrapMetric.options.map((name) => [name, valuesOf(name)]),
  ) as Bootstrap['resamples'];
}

const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(DECIMALS)));
