import type { Crop, Size } from '../../common/geometry.ts';
import { cropFeatures, pasteFeatures } from '../crop-features.ts';
import type { FeatureMap, RgbImage } from '../types.ts';
import type { InputTensor, LocalExtraction, Tensor } from './extractor.ts';
import { GABOR_LEVELS, GABOR_ORIENTATIONS } from './gabor-scaling.ts';

/** The graphs pad the image by reflection at the right and bottom, to a multiple of this. */
export const GABOR_MULTIPLE = 16;
export const GABOR_STRIDE = 4;

/** Positions that are completed at once, so that little memory is needed. */
const COMPLETED_TOGETHER = 2 ** 15;

/** The divisors of group O replace group O in the local features. */
const FEWER = GABOR_LEVELS * GABOR_ORIENTATIONS - GABOR_LEVELS;

/**
 * Pixels that local means depend on: 9 positions of stride 16 for the blur, one more for the interpolation, and 15 for four times
 * halving.
 */
const MEANS_HALO = 176;
/**
 * Pixels that everything else depends on: at most 71 pixels for group O (6 positions of the blur, 4 + 1 positions of stride 8 for the
 * kernel and the interpolation, 7 pixels for three times halving). At the sides of a block, the interpolation of the means has errors,
 * but not as far as that.
 */
const ENERGIES_HALO = 80;

/**
 * The pyramid on blocks, by the graphs `NAME_means`, `NAME_local`, `NAME_constants` and `NAME_completion`. In images of at most 144
 * pixels, the local means are those of the image.
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
    halo: MEANS_HALO,
    multiple: GABOR_MULTIPLE,
    minSide: 145,
    channels: local,
    extent,
    positions(image) {
      const { width, height } = extent(image);
      return { width: width / GABOR_STRIDE, height: height / GABOR_STRIDE };
    },
    async extract(image, window, models) {
      const means = featureMapOf(await models.run(`${name}_means.onnx`, imageTensor(image)));
      const near = neighborhood(window, image);
      const part = isWhole(near, image) ? image : cropImage(image, near);
      const extracted = await models.run(
        `${name}_local.onnx`,
        imageTensor(part),
        tensorOf(cropFeatures(means, coarsely(near))),
      );
      return cropFeatures(featureMapOf(extracted), {
        ...window,
        left: window.left - near.left / GABOR_STRIDE,
        top: window.top - near.top / GABOR_STRIDE,
      });
    },
    async measure(sample, models) {
      const names = ['floors', 'middle', 'spread'];
      const outputs = await models.runOutputs(`${name}_constants.onnx`, tensorOf(sample), names);
      return Object.fromEntries(outputs.map((output) => [output.name, output.values as Float32Array]));
    },
    async complete({ values, width, height }, { floors, middle, spread }, models) {
      const positions = width * height;
      const completed = new Float32Array(channels * positions);
      const line: FeatureMap = { values, channels: local, height: 1, width: positions };
      for (let left = 0; left < positions; left += COMPLETED_TOGETHER) {
        const count = Math.min(COMPLETED_TOGETHER, positions - left);
        const part = await models.run(
          `${name}_completion.onnx`,
          tensorOf(cropFeatures(line, { left, top: 0, width: count, height: 1 })),
          { values: floors, dimensions: [1, GABOR_LEVELS, 1, 1] },
          { values: middle, dimensions: [channels, 1] },
          { values: spread, dimensions: [channels, 1] },
        );
        const to = { values: completed, channels, height: 1, width: positions };
        pasteFeatures(to, featureMapOf(part), { left, top: 0 });
      }
      return { values: completed, channels, height, width };
    },
  };
}

/** The pixels that the energies of a window depend on. Starts at a multiple of 16. */
function neighborhood({ left, top, width, height }: Crop, image: Size): Crop {
  const along = (from: number, length: number, side: number) => {
    const down = Math.floor((from * GABOR_STRIDE) / GABOR_MULTIPLE) * GABOR_MULTIPLE;
    const up = Math.ceil(((from + length) * GABOR_STRIDE) / GABOR_MULTIPLE) * GABOR_MULTIPLE;
    const start = Math.max(0, down - ENERGIES_HALO);
    return { start, length: Math.min(side, up + ENERGIES_HALO) - start };
  };
  const [across, down] = [along(left, width, image.width), along(top, height, image.height)];
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

const isWhole = ({ width, height }: Size, image: Size) => width === image.width && height === image.height;

/** The positions of stride 16 of a rectangle of pixels. */
const coarsely = ({ left, top, width, height }: Crop): Crop => ({
  left: left / GABOR_MULTIPLE,
  top: top / GABOR_MULTIPLE,
  width: Math.ceil(width / GABOR_MULTIPLE),
  height: Math.ceil(height / GABOR_MULTIPLE),
});

function cropImage({ values, width, height }: RgbImage, area: Crop): RgbImage {
  const planes = cropFeatures({ values, channels: 3, width, height }, area);
  return { values: planes.values, width: area.width, height: area.height };
}

const imageTensor = ({ values, height, width }: RgbImage): InputTensor => ({
  values,
  dimensions: [1, 3, height, width],
});

const featureMapOf = ({ values, dimensions: [, channels, height, width] }: Tensor): FeatureMap => ({
  values,
  channels,
  height,
  width,
});

const tensorOf = ({ values, channels, height, width }: FeatureMap): InputTensor => ({
  values,
  dimensions: [1, channels, height, width],
});
