import { pasteFeatures } from '../../../methods/crop-features.ts';
import type { LocalExtraction, ModelRunner } from '../../../methods/extractors/extractor.ts';
import type { Execution, FeatureMap } from '../../../methods/types.ts';
import type { Block } from './plan.ts';
import type { RgbSource } from './rgb-source.ts';

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
  for (const [at, { inner, read, window, offset }] of blocks.entries()) {
    execution.signal?.throwIfAborted();
    const [left, top] = [window.left + offset.left, window.top + offset.top];
    const wanted = { ...inner, left, top };
    pasteFeatures(whole, await local.extract(await source.read(read), wanted, models, execution), inner);
    execution.onProgress?.((at + 1) / blocks.length);
  }
  return whole;
}
