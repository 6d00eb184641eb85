import type { Crop, Size } from '../../common/geometry.ts';
import type { Execution, FeatureMap, RgbImage } from '../types.ts';
import type { ModelRunner } from './extractor.ts';
import type { ChannelScale } from './scaling.ts';

/** What the features of a block need from the whole image. Plain data. */
export interface ImageConstants {
  /** Scales the channels; absent if the extractor does not scale. */
  scale?: ChannelScale[];
  /** Added to the local mean of the energies, per level (`gabor`). */
  floors?: number[];
}

/**
 * How an extractor works on blocks of an image: local features depend on a neighborhood of known size, and constants of the image
 * complete them. `complete` of the local features of the whole image gives what `extract` gives.
 */
export interface LocalExtraction {
  /** Pixels around a block that its local features depend on. */
  halo: number;
  /** Blocks start at multiples of this many pixels. */
  multiple: number;
  /** Shorter sides of images make local features depend on the whole image. */
  minSide: number;
  /** Number of channels of the local features. */
  channels: number;
  /** Size of the image with its padding at the right and bottom, which the features cover. */
  extent(image: Size): Size;
  /** Size of the feature map. */
  positions(image: Size): Size;
  /** Local features. They are wrong within `halo` pixels of a side where the image continues. */
  extract(image: RgbImage, models: ModelRunner, execution: Execution): Promise<FeatureMap>;
  /** @param sample local features of parts of the image, or of all of it */
  measure(sample: readonly FeatureMap[]): ImageConstants;
  /** @param window the part of the local features to complete */
  complete(local: FeatureMap, constants: ImageConstants, window: Crop): FeatureMap;
}
