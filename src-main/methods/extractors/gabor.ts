import type { Extractor } from './extractor.ts';

/** The image is reflect-padded right and bottom, inside the graph, to a multiple of this. */
const MULTIPLE = 16;

/**
 * The embedded extractor: an oriented-energy pyramid without learned weights (method.md, section 1b), 67 channels at stride
 * 4. The whole of it, padding, scaling and weights included, is the graph `models/gabor.onnx`. Cost O(H W).
 */
export const gabor: Extractor = {
  name: 'gabor',
  title: 'Gabor: oriented-energy pyramid, embedded',
  minSide: 33,
  channels: 67,
  stride: 4,
  operationsPerPixel: () => 3500,
  bytesPerPixel: 160,
  async extract(image, graphs) {
    const output = await graphs.run('gabor.onnx', {
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
