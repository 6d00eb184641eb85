import type { Extractor } from './extractor.ts';

/** The RGB values themselves, unscaled (method.md, section 1): 3 channels at image size. */
export const colors: Extractor = {
  name: 'colors',
  title: 'Colors: the RGB values themselves',
  minSide: 1,
  channels: 3,
  stride: 1,
  operationsPerPixel: () => 100,
  bytesPerPixel: 24,
  async extract(image) {
    const { values, height, width } = image;
    return { features: { values, channels: 3, height, width }, extentHeight: height, extentWidth: width };
  },
};
