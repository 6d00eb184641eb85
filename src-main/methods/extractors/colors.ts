import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';

/** The RGB values, unscaled (docs/method.md, section 1): 3 channels at image size. */
export const colors: Extractor = {
  name: 'colors',
  title: 'Colors: the RGB values',
  minSide: 1,
  channels: 3,
  stride: 1,
  operationsPerPixel: () => 100,
  bytesPerPixel: 24,
  extract: (image) => Promise.resolve(fullResolution(image, image.values)),
};
