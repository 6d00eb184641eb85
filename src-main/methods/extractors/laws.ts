import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';
import { neighborhood } from './neighborhood.ts';

const shape = { minSide: 8, channels: 9, stride: 1 };

/** Radii of the blur, 7, and of the kernels, 2. */
const HALO = 9;

const extract: Extractor['extract'] = async (image, models) => {
  const { values, height, width } = image;
  const output = await models.run('laws.onnx', { values, dimensions: [1, 3, height, width] });
  return fullResolution(image, output.values);
};

/**
 * Laws' texture energy, unscaled (docs/method.md, section 1): 9 channels at image size, by the graph `models/laws.onnx`.
 * Cost O(H W).
 */
export const laws: Extractor = {
  name: 'laws',
  title: "Laws: Laws' texture energy measure",
  ...shape,
  operationsPerPixel: () => 3500,
  bytesPerPixel: 300,
  local: neighborhood(shape, extract, HALO, false),
  extract,
};
