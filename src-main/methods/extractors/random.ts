import { type Argument, argumentsIn, nameIn } from '../../common/api/component-spec.ts';
import { normalStream } from '../prng.ts';
import type { Extractor } from './extractor.ts';
import { atImageSize } from './full-resolution.ts';

const KERNELS = 128;
const COLOURS = 3;
const SIDE = 5;
const SEED: Argument = { name: 'seed', standard: 0, minimum: 0, maximum: 2 ** 32 - 1 };

/** Random projections with seed 0. */
export const random: Extractor = randomExtractor(0);

/**
 * Convolution with 128 random kernels of 5 x 5 x 3, not scaled (method.md, section 1), by the graph `models/random.onnx`.
 * Cost O(H W), 9600 multiplications a pixel.
 */
export function randomExtractor(seed: number): Extractor {
  return {
    name: seed === 0 ? 'random' : `random:${seed}`,
    title: 'Random: convolutions with Gaussian random kernels',
    arguments: [SEED],
    minSide: 3,
    channels: KERNELS,
    stride: 1,
    operationsPerPixel: () => 30_000,
    bytesPerPixel: 1600,
    async extract(image, graphs) {
      const kernels = { values: randomKernels(seed), dimensions: [KERNELS, COLOURS, SIDE, SIDE] };
      const planes = { values: image.values, dimensions: [1, COLOURS, image.height, image.width] };
      const output = await graphs.run('random.onnx', planes, kernels);
      return atImageSize(image, output.values);
    },
  };
}

/**
 * The extractor `random`, or `random:SEED` with another seed than 0; undefined where the name is another's.
 *
 * @throws PerchError `INVALID_ARGUMENT` where the seed is not a whole number from 0 to 2^32 - 1
 */
export function randomExtractorNamed(name: string): Extractor | undefined {
  if (nameIn(name) !== random.name) return undefined;
  return randomExtractor(argumentsIn(name, { name: random.name, arguments: [SEED] })[0]);
}

/** 128 x 3 x 5 x 5 standard normal numbers, drawn in this order, each kernel then divided by its L2 norm. */
export function randomKernels(seed: number): Float32Array {
  const taps = COLOURS * SIDE * SIDE;
  const normal = normalStream(seed);
  const kernels = new Float32Array(KERNELS * taps);
  for (let kernel = 0; kernel < KERNELS; kernel++) {
    const drawn = Float64Array.from({ length: taps }, normal);
    const norm = Math.hypot(...drawn);
    kernels.set(
      drawn.map((tap) => tap / norm),
      kernel * taps,
    );
  }
  return kernels;
}
