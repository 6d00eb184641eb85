import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';
import { neighborhood } from './neighborhood.ts';

const shape = { minSide: 1, channels: 3, stride: 1 };

const extract: Extractor['extract'] = (image) => Promise.resolve(fullResolution(image, image.values));

/** The RGB values, unscaled (docs/method.md, section 1): 3 channels at image size. */
export const colors: Extractor = {
  name: 'colors',
  title: 'Colors: the RGB values',
  ...shape,
  operationsPerPixel: () => 100,
  bytesPerPixel: 24,
  local: neighborhood(shape, extract, 0, false),
  extract,
};
