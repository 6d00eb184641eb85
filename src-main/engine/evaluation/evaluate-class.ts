import { decimateCurve } from '../../common/charts/decimate-curve.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { MetricAccumulator } from '../../metrics/metric-accumulator.ts';
import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { prefetchLabeledMaps } from './prefetch-labeled-maps.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/** Points of a curve that are kept; with those that keep the area below it exact 2000 at most. */
const POINTS = 990;

/** Metrics and curves of a class. */
export async function evaluateClass(
  { images, ignoreBorder, proFprLimit }: EngineRequests['evaluateClass']['request'],
  context: HandlerContext,
): Promise<EngineRequests['evaluateClass']['response']> {
  const { threads, signal } = context;
  const pixels = await accumulateMetrics(images, ignoreBorder, context);
  const { metrics, curves } = await pixels.metrics(proFprLimit, { threads, signal });
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

/** The pixels of a class from its files. */
export async function accumulateMetrics(
  images: readonly LabeledMapFile[],
  ignoreBorder: number,
  { signal, report }: Pick<HandlerContext, 'signal' | 'report'>,
  onMap: (map: LabeledMap, at: number) => void = () => {},
): Promise<MetricAccumulator> {
  const pixels = new MetricAccumulator(defaultBackend.createThresholdSweep());
  let done = 0;
  for await (const map of prefetchLabeledMaps(images, ignoreBorder)) {
    signal.throwIfAborted();
    pixels.add(map);
    onMap(map, done);
    report({ stage: 'decode', fraction: ++done / images.length });
  }
  return pixels;
}
