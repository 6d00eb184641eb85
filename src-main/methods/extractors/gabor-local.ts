import type { FeatureMap } from '../types.ts';
import type { InputTensor, LocalExtraction } from './extractor.ts';
import { GABOR_LEVELS, GABOR_ORIENTATIONS } from './gabor-scaling.ts';

/** The graphs pad the image by reflection at the right and bottom, to a multiple of this. */
export const GABOR_MULTIPLE = 16;
export const GABOR_STRIDE = 4;

/** The divisors of group O replace group O in the local features. */
const FEWER = GABOR_LEVELS * GABOR_ORIENTATIONS - GABOR_LEVELS;

/**
 * The pyramid on blocks, by the graphs `NAME_local`, `NAME_constants` and `NAME_completion`. The local mean of D looks farthest: 9
 * positions of stride 16, one more for the interpolation, and 15 pixels for four times halving. In images of at most 144 pixels it is
 * the mean of the image.
 *
 * @param channels number of channels of the features
 */
export function gaborLocal(name: string, channels: number): LocalExtraction {
  const padded = (side: number) => Math.ceil(side / GABOR_MULTIPLE) * GABOR_MULTIPLE;
  const extent: LocalExtraction['extent'] = ({ width, height }) => ({
    width: padded(width),
    height: padded(height),
  });
  const local = channels - FEWER;
  return {
    halo: 176,
    multiple: GABOR_MULTIPLE,
    minSide: 145,
    channels: local,
    extent,
    positions(image) {
      const { width, height } = extent(image);
      return { width: width / GABOR_STRIDE, height: height / GABOR_STRIDE };
    },
    async extract(image, models) {
      const input = { values: image.values, dimensions: [1, 3, image.height, image.width] };
      const { values, dimensions } = await models.run(`${name}_local.onnx`, input);
      return { values, channels: local, height: dimensions[2], width: dimensions[3] };
    },
    async measure(sample, models) {
      const names = ['floors', 'middle', 'spread'];
      const outputs = await models.runOutputs(`${name}_constants.onnx`, tensorOf(sample), names);
      return Object.fromEntries(outputs.map((output) => [output.name, output.values as Float32Array]));
    },
    async complete(features, { floors, middle, spread }, models) {
      const { values } = await models.run(
        `${name}_completion.onnx`,
        tensorOf(features),
        { values: floors, dimensions: [1, GABOR_LEVELS, 1, 1] },
        { values: middle, dimensions: [channels, 1] },
        { values: spread, dimensions: [channels, 1] },
      );
      return { values, channels, height: features.height, width: features.width };
    },
  };
}

const tensorOf = ({ values, channels, height, width }: FeatureMap): InputTensor => ({
  values,
  dimensions: [1, channels, height, width],
});
