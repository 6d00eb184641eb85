import type { Size } from '../../../common/geometry.ts';
import type { ComputeBackend } from '../../../methods/backend/compute-backend.ts';
import type { ModelRunner } from '../../../methods/extractors/extractor.ts';
import { tileCount, tileLimit } from '../../../methods/references/tile-sample.ts';
import type { StageTimer } from '../../runtime/handler-context.ts';
import { assertPatchFits } from '../anomaly-map.ts';
import { featureSource, MAX_KEPT_BYTES } from './feature-source.ts';
import { type ImageMeasures, measureImage } from './measure-image.ts';
import type { MethodInBlocks } from './method-in-blocks.ts';
import { type Block, blockPixels, planBlocks } from './plan.ts';
import type { RgbSource } from './rgb-source.ts';
import { scoreBlocks, type ScoreSink } from './score-blocks.ts';

/** Limits that tests lower. */
export interface BlockLimits {
  tiles?: number;
  blockPixels?: number;
  keptBytes?: number;
}

/** Where scores go, and measures of the image that an earlier attempt left. */
export interface ScoreStore extends ScoreSink {
  measures?: ImageMeasures | undefined;
  /** Called before the first block. */
  begin(measures: ImageMeasures): Promise<void>;
}

/**
 * Computes an anomaly map in blocks: a first pass over the image, or a sample of it, for its constants and its reference; a second one
 * for the scores. The map equals that of the whole image with the same sample.
 *
 * @param openStore opens the place of the scores for these blocks
 * @throws PerchError as the parts of the method; `CANCELED`
 */
export async function inspectInBlocks(
  source: RgbSource,
  method: MethodInBlocks,
  { inside, limits = {} }: { inside?: Uint8Array | undefined; limits?: BlockLimits },
  openStore: (map: Size, blocks: readonly Block[]) => Promise<ScoreStore>,
  parts: { models: ModelRunner; backend: ComputeBackend },
  timer: StageTimer,
): Promise<{ chosen: Record<string, number> }> {
  const { extractor, statistic, parameters, reference } = method;
  const { local, stride, channels } = extractor;
  const { patchSize } = parameters;
  const map = local.positions(source);
  assertPatchFits({ ...map, channels, values: new Float32Array(0) }, patchSize);
  const shape = { local, stride, margin: statistic.margin(parameters) };
  const blocks = planBlocks(source, shape, limits.blockPixels ?? blockPixels(extractor));
  const limit = tileLimit(patchSize, channels, limits.tiles);
  const keptBytes = tileCount(map, patchSize) <= limit ? Infinity : (limits.keptBytes ?? MAX_KEPT_BYTES);

  const store = await openStore(map, blocks);
  const features = await timer.time('extract', (execution) =>
    featureSource(source, { local, blocks, maxBytes: keptBytes }, parts.models, execution),
  );
  const extracted = timer.seconds.extract ?? 0;
  const measures =
    store.measures ??
    (await timer.time('reference', (execution) =>
      measureImage(
        features,
        { image: source, local, shape, reference, patchSize, limit, inside },
        parts,
        execution,
      ),
    ));
  if (!store.measures) await store.begin(measures);
  const seconds = await timer.time('statistic', (execution) =>
    scoreBlocks(features, { blocks, local, statistic, parameters, measures }, store, parts, execution),
  );
  timer.seconds.extract = extracted + seconds.extract;
  timer.seconds.statistic = seconds.statistic;
  return { chosen: { ...method.chosen, blocks: blocks.length, ...measures.sample } };
}
