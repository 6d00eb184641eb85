import type { RgbImage } from '../types.ts';
import type { Extraction } from './extractor.ts';

/** An extraction with one feature position per pixel. @param values C x H x W */
export function fullResolution({ height, width }: RgbImage, values: Float32Array): Extraction {
  const features = { values, channels: values.length / (height * width), height, width };
  return { features, extentHeight: height, extentWidth: width };
}
