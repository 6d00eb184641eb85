import type { RgbImage } from '../types.ts';
import type { Extractor, ModelRunner } from './extractor.ts';
import { GABOR_MULTIPLE, GABOR_STRIDE, gaborLocal } from './gabor-local.ts';
import { GABOR67_SCALING, GABOR_SCALING } from './gabor-scaling.ts';
import { type RobustConstants, robustScaling } from './scaling.ts';

/**
 * The embedded default extractor: an oriented-energy pyramid with local extremes and no learned weights
 * (docs/method.md, section 1c), 70 channels at stride 4. Cost O(H W).
 */
export const gabor: Extractor = pyramid({
  name: 'gabor',
  title: 'Gabor: oriented-energy pyramid, embedded',
  channels: 70,
  constants: GABOR_SCALING,
});

/**
 * The previous default extractor (docs/method.md, section 1b), with 67 channels, so that its results can be
 * reproduced.
 */
export const gabor67: Extractor = pyramid({
  name: 'gabor67',
  title: 'Gabor 67: the previous pyramid, without local extremes',
  channels: 67,
  constants: GABOR67_SCALING,
});

/** The graph `models/NAME.onnx` contains padding, scaling and weighting. Its second output is not scaled. */
function pyramid(
  properties: Pick<Extractor, 'name' | 'title' | 'channels'> & { constants: RobustConstants },
): Extractor {
  const { constants, ...described } = properties;
  const extract = async (image: RgbImage, models: ModelRunner, output: 'features' | 'channels') => {
    const input = { values: image.values, dimensions: [1, 3, image.height, image.width] };
    const [{ values, dimensions }] = await models.runOutputs(`${described.name}.onnx`, input, [output]);
    const [, channels, height, width] = dimensions;
    return {
      features: { values: values as Float32Array, channels, height, width },
      extentHeight: Math.ceil(image.height / GABOR_MULTIPLE) * GABOR_MULTIPLE,
      extentWidth: Math.ceil(image.width / GABOR_MULTIPLE) * GABOR_MULTIPLE,
    };
  };
  return {
    ...described,
    minSide: 33,
    stride: GABOR_STRIDE,
    operationsPerPixel: () => 3500,
    bytesPerPixel: 160,
    scaling: robustScaling(constants),
    local: gaborLocal(described.name, described.channels),
    extract: (image, models) => extract(image, models, 'features'),
    extractUnscaled: (image, models) => extract(image, models, 'channels'),
  };
}
