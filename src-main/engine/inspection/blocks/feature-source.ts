import type { Crop, Size } from '../../../common/geometry.ts';
import { cropFeatures } from '../../../methods/crop-features.ts';
import type { LocalExtraction, ModelRunner } from '../../../methods/extractors/extractor.ts';
import type { Execution, FeatureMap } from '../../../methods/types.ts';
import { allLocalFeatures } from './local-features.ts';
import { type Block, blockAt, type BlockShape } from './plan.ts';
import type { RgbSource } from './rgb-source.ts';

/** Local features of any block of an image. */
export interface FeatureSource {
  /** The features of the whole image, if they are in memory. */
  whole?: FeatureMap;
  /** Those of a block and its margin, copied. */
  of(block: Block): Promise<FeatureMap>;
}

/** Local features up to this size stay in memory, so that they are extracted once. */
export const MAX_KEPT_BYTES = 2 ** 28;

/**
 * The features of an image, which are all extracted now if they fit in `maxBytes`, else block by block whenever they are needed.
 *
 * @param blocks the blocks that will be scored
 */
export async function featureSource(
  source: RgbSource,
  { local, blocks, maxBytes }: { local: LocalExtraction; blocks: readonly Block[]; maxBytes: number },
  models: ModelRunner,
  execution: Execution,
): Promise<FeatureSource> {
  const { width, height } = local.positions(source);
  if (4 * local.channels * width * height > maxBytes)
    return {
      of: async ({ read, window }) => local.extract(await source.read(read), window, models, execution),
    };
  const whole = await allLocalFeatures(source, blocks, local, models, execution);
  return {
    whole,
    of: async ({ inner, window, offset }) =>
      cropFeatures(whole, { ...window, left: inner.left - offset.left, top: inner.top - offset.top }),
  };
}

/** The local features of a rectangle of positions. */
export async function featuresAt(
  area: Crop,
  source: FeatureSource,
  image: Size,
  shape: BlockShape,
): Promise<FeatureMap> {
  return source.of(blockAt(area, image, { ...shape, margin: 0 }));
}
