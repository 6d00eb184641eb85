import type { Crop, Size } from '../../../common/geometry.ts';
import type { ModelRunner } from '../../../methods/extractors/extractor.ts';
import type { LocalExtraction } from '../../../methods/extractors/local-extraction.ts';
import { cropFeatures, pasteFeatures } from '../../../methods/crop-features.ts';
import type { Execution, FeatureMap, RgbImage } from '../../../methods/types.ts';
import type { Block } from './plan.ts';

/** An image whose rectangles are read one at a time, as planes in 0..1. */
export interface RgbSource extends Size {
  read(rectangle: Crop): Promise<RgbImage>;
}

/** The local features of the pixels that a block reads. */
export async function localFeatures(
  source: RgbSource,
  { read }: Block,
  local: LocalExtraction,
  models: ModelRunner,
  execution: Execution,
): Promise<FeatureMap> {
  return local.extract(await source.read(read), models, execution);
}

/** The local features of a whole image, extracted block by block. Memory for the features and one block. */
export async function allLocalFeatures(
  source: RgbSource,
  blocks: readonly Block[],
  local: LocalExtraction,
  models: ModelRunner,
  execution: Execution,
): Promise<FeatureMap> {
  const { width, height } = local.positions(source);
  const { channels } = local;
  const whole = { values: new Float32Array(channels * width * height), channels, width, height };
  for (const [at, block] of blocks.entries()) {
    execution.signal?.throwIfAborted();
    const features = await localFeatures(source, block, local, models, execution);
    const { inner, window, offset } = block;
    const part = cropFeatures(features, {
      left: window.left + offset.left,
      top: window.top + offset.top,
      width: inner.width,
      height: inner.height,
    });
    pasteFeatures(whole, part, inner);
    execution.onProgress?.((at + 1) / blocks.length);
  }
  return whole;
}
