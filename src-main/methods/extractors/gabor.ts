import type { Extractor } from './extractor.ts';

/** The graphs pad the image by reflection at the right and bottom, to a multiple of this. */
const MULTIPLE = 16;

/**
 * The embedded default extractor: an oriented-energy pyramid with local extremes and no learned weights
 * (docs/method.md, section 1c), 70 channels at stride 4. Cost O(H W).
 */
export const gabor: Extractor = pyramid({
  name: 'gabor',
  title: 'Gabor: oriented-energy pyramid, embedded',
  channels: 70,
});

/**
 * The previous default extractor (docs/method.md, section 1b), with 67 channels, so that its results can be
 * reproduced.
 */
export const gabor67: Extractor = pyramid({
  name: 'gabor67',
  title: 'Gabor 67: the previous pyramid, without local extremes',
  channels: 67,
});

/** The graph `models/NAME.onnx` contains padding, scaling and weighting. */
function pyramid(properties: Pick<Extractor, 'name' | 'title'> & { channels: number }): Extractor {
  return {
    ...properties,
    minSide: 33,
    stride: 4,
    operationsPerPixel: () => 3500,
    bytesPerPixel: 160,
    async extract(image, models) {
      const output = await models.run(`${properties.name}.onnx`, {
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
}
