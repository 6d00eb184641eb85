import { decimateCurve } from '../../common/charts/decimate-curve.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { MetricAccumulator } from '../../metrics/metric-accumulator.ts';
import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { prefetchLabeledMaps } from './prefetch-labeled-maps.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/**
 * Maximum number of points of a decimated curve before area-preserving points are added, which brings it to
 * 2000 at most.
 */
const POINTS = 990;

/** Computes the metrics and curves of a class. */
export async function evaluateClass(
  { images, ignoreBorder, proFprLimit }: EngineRequests['evaluateClass']['request'],
  context: HandlerContext,
): Promise<EngineRequests['evaluateClass']['response']> {
  const { threads, signal } = context;
  const accumulator = await accumulateMetrics(images, ignoreBorder, context);
  const { metrics, curves } = await accumulator.metrics(proFprLimit, { threads, signal });
  const { roc, pro, pr } = curves();
  return {
    metrics,
    curves: {
      roc: decimateCurve(roc, POINTS),
      pro: decimateCurve(pro, POINTS, proFprLimit),
      pr: decimateCurve(pr, POINTS),
    },
  };
}

/** Accumulates the pixels of a class from its files. */
export async function accumulateMetrics(
  images: readonly LabeledMapFile[],
  ignoreBorder: number,
  { signal, report }: Pick<HandlerContext, 'signal' | 'report'>,
  onMap: (map: LabeledMap, at: number) => void = () => {},
): Promise<MetricAccumulator> {
  const accumulator = new MetricAccumulator(defaultBackend.createThresholdSweep());
  let done = 0;
  for await (const map of prefetchLabeledMaps(images, ignoreBorder)) {
    signal.throwIfAborted();
    accumulator.add(map);
    onMap(map, done);
    report({ stage: 'decode', fraction: ++done / images.length });
  }
  return accumulator;
}
