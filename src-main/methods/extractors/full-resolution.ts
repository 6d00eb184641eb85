import type { RgbImage } from '../types.ts';
import type { Extraction } from './extractor.ts';

/** Features with one position a pixel of the image: `values` is C x H x W. */
export function atImageSize({ height, width }: RgbImage, values: Float32Array): Extraction {
  const features = { values, channels: values.length / (height * width), height, width };
  return { features, extentHeight: height, extentWidth: width };
}
