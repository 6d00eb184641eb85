import { type ParameterDef, parseName, parseSpec } from '../../common/api/component-spec.ts';
import { gaussianPrng } from '../prng.ts';
import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';
import { neighborhood } from './neighborhood.ts';

const KERNELS = 128;
const COLORS = 3;
const SIDE = 5;
const SEED: ParameterDef = { name: 'seed', default: 0, minimum: 0, maximum: 2 ** 32 - 1 };

/** Random projections with seed 0. */
export const random: Extractor = randomExtractor(0);

/**
 * Convolution with 128 random kernels of 5 x 5 x 3, unscaled (docs/method.md, section 1), by the graph `models/random.onnx`.
 * Cost O(H W), 9600 multiplications per pixel.
 */
export function randomExtractor(seed: number): Extractor {
  const shape = { minSide: 3, channels: KERNELS, stride: 1 };
  const extract: Extractor['extract'] = async (image, models) => {
    const kernels = { values: randomKernels(seed), dimensions: [KERNELS, COLORS, SIDE, SIDE] };
    const planes = { values: image.values, dimensions: [1, COLORS, image.height, image.width] };
    const output = await models.run('random.onnx', planes, kernels);
    return fullResolution(image, output.values);
  };
  return {
    name: seed === 0 ? 'random' : `random:${seed}`,
    title: 'Random: convolutions with Gaussian random kernels',
    parameters: [SEED],
    ...shape,
    operationsPerPixel: () => 30_000,
    bytesPerPixel: 1600,
    local: neighborhood(shape, extract, (SIDE - 1) / 2, false),
    extract,
  };
}

/**
 * The extractor `random`, or `random:SEED` with a seed other than 0; undefined for other names.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the seed is not a whole number from 0 to 2^32 - 1
 */
export function randomExtractorNamed(spec: string): Extractor | undefined {
  if (parseName(spec) !== random.name) return undefined;
  return randomExtractor(parseSpec(spec, { name: random.name, parameters: [SEED] })[0]);
}

/** 128 x 3 x 5 x 5 standard normal numbers, drawn in this order; each kernel is then divided by its L2 norm. */
export function randomKernels(seed: number): Float32Array {
  const taps = COLORS * SIDE * SIDE;
  const normal = gaussianPrng(seed);
  const kernels = new Float32Array(KERNELS * taps);
  for (let kernel = 0; kernel < KERNELS; kernel++) {
    const numbers = Float64Array.from({ length: taps }, normal);
    const norm = Math.hypot(...numbers);
    kernels.set(
      numbers.map((tap) => tap / norm),
      kernel * taps,
    );
  }
  return kernels;
}
