import type { Crop } from '../../../common/geometry.ts';
import { cropFeatures } from '../../../methods/crop-features.ts';
import type { ComputeBackend } from '../../../methods/backend/compute-backend.ts';
import type { LocalExtraction, ModelRunner } from '../../../methods/extractors/extractor.ts';
import type { Statistic } from '../../../methods/statistics/statistic.ts';
import type { Execution } from '../../../methods/types.ts';
import { assertFiniteMap } from '../anomaly-map.ts';
import type { FeatureSource } from './feature-source.ts';
import type { ImageMeasures } from './measure-image.ts';
import type { Block } from './plan.ts';

/** Where the scores of an image go. */
export interface ScoreSink {
  /** Number of blocks that are complete; they are the first ones. */
  done: number;
  /** @param scores row by row */
  write(inner: Crop, scores: Float32Array): Promise<void>;
}

/** Seconds that were spent on the features and on the scores. */
export interface BlockSeconds {
  extract: number;
  statistic: number;
}

/** Scores the blocks that are not complete yet, one after the other. */
export async function scoreBlocks(
  source: FeatureSource,
  {
    blocks,
    local,
    statistic,
    parameters,
    measures: { constants, selection },
  }: {
    blocks: readonly Block[];
    local: LocalExtraction;
    statistic: Statistic;
    parameters: Record<string, number> & { patchSize: number };
    measures: ImageMeasures;
  },
  sink: ScoreSink,
  { models, backend }: { models: ModelRunner; backend: ComputeBackend },
  { onProgress, ...execution }: Execution,
): Promise<BlockSeconds> {
  const seconds = { extract: 0, statistic: 0 };
  for (const block of blocks.slice(sink.done)) {
    execution.signal?.throwIfAborted();
    const start = performance.now();
    const completed = await local.complete(await source.of(block), constants, models);
    const middle = performance.now();
    const scores = await statistic.compute(completed, selection, parameters, backend, execution);
    assertFiniteMap(scores, `"${statistic.name}"`);
    const { values } = cropFeatures({ ...scores, channels: 1 }, { ...block.inner, ...block.offset });
    await sink.write(block.inner, values);
    seconds.extract += (middle - start) / 1000;
    seconds.statistic += (performance.now() - middle) / 1000;
    onProgress?.(sink.done / blocks.length);
  }
  return seconds;
}
