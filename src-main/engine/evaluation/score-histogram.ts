import { prefetchLabeledMaps } from './prefetch-labeled-maps.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

/** Counts the pixels of a class by score and ground truth. Scores outside the range count in the outermost bins. */
export async function scoreHistogram(
  { images, ignoreBorder, bins, low, high }: EngineRequests['scoreHistogram']['request'],
  { signal, report }: HandlerContext,
): Promise<EngineRequests['scoreHistogram']['response']> {
  const [normal, anomalous, unknown] = [0, 1, 2].map(() => new Array<number>(bins).fill(0));
  const perBin = (high - low) / bins;
  let done = 0;
  for await (const { scores, groundTruth, inside } of prefetchLabeledMaps(images, ignoreBorder)) {
    signal.throwIfAborted();
    const { known } = images[done];
    for (let i = 0; i < scores.length; i++) {
      if (inside?.[i] === 0) continue;
      const bin = perBin > 0 ? Math.floor((scores[i] - low) / perBin) : 0;
      const counts = !known ? unknown : groundTruth[i] === 1 ? anomalous : normal;
      counts[Math.min(Math.max(bin, 0), bins - 1)]++;
    }
    report({ stage: 'decode', fraction: ++done / images.length });
  }
  return { normal, anomalous, unknown };
}
