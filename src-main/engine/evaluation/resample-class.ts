import { mulberry32 } from '../../methods/prng.ts';
import { yieldAndCheck } from '../../methods/yield-and-check.ts';
import { type ResampledMetrics, WeightedMetrics } from '../../metrics/bootstrap.ts';
import { binImage, ScoreBins } from '../../metrics/score-bins.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { prefetchLabeledMaps } from './prefetch-labeled-maps.ts';

/** Resamples between two checks for cancellation. */
const PER_CHECK = 20;

/** Computes the metrics of bootstrap resamples of a class, and of all its images with the same bins. */
export async function resampleClass(
  {
    images,
    ignoreBorder,
    proFprLimit,
    thresholds,
    resamples,
    seed,
  }: EngineRequests['resampleClass']['request'],
  { signal, report }: Pick<HandlerContext, 'signal' | 'report'>,
): Promise<EngineRequests['resampleClass']['response']> {
  const bins = new ScoreBins(thresholds);
  const binned = [];
  for await (const map of prefetchLabeledMaps(images, ignoreBorder)) {
    signal.throwIfAborted();
    binned.push(binImage(map, bins));
    report({ stage: 'decode', fraction: binned.length / images.length });
  }
  const metrics = new WeightedMetrics(binned, bins, proFprLimit);
  const uniform = mulberry32(seed);
  const onProgress = (fraction: number) => report({ stage: 'statistic', fraction });
  const drawn: ResampledMetrics[] = [];
  for (let done = 0; done < resamples; done++) {
    if (done % PER_CHECK === 0) await yieldAndCheck({ signal, onProgress, threads: 1 }, done / resamples);
    drawn.push(metrics.metrics(metrics.drawWeights(uniform)));
  }
  const defective = binned.filter(({ isDefective }) => isDefective).length;
  return {
    whole: metrics.metrics(new Uint8Array(binned.length).fill(1)),
    drawn,
    normal: binned.length - defective,
    defective,
  };
}
