import type { Extractor } from './extractor.ts';

/** The graph pads the image by reflection at the right and bottom, to a multiple of this. */
const MULTIPLE = 16;

/**
 * The embedded default extractor: an oriented-energy pyramid without learned weights (docs/method.md, section 1b), 67 channels
 * at stride 4. The graph `models/gabor.onnx` contains padding, scaling and weighting. Cost O(H W).
 */
export const gabor: Extractor = {
  name: 'gabor',
  title: 'Gabor: oriented-energy pyramid, embedded',
  minSide: 33,
  channels: 67,
  stride: 4,
  operationsPerPixel: () => 3500,
  bytesPerPixel: 160,
  async extract(image, models) {
    const output = await models.run('gabor.onnx', {
      values: image.values,
      dimensions: [1, 3, image.height, image.width],
    });
    const [, channels, height, width] = output.dimensions;
    return {
      features: { values: output.values, channels, height, width },
      extentHeight: Math.ceil(image.height / MULTIPLE) * MULTIPLE,
      extentWidth: Math.ceil(image.width / MULTIPLE) * MULTIPLE,
    };
  },
};
