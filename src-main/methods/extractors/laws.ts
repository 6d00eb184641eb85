import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';

/**
 * Laws' texture energy, unscaled (docs/method.md, section 1): 9 channels at image size, by the graph `models/laws.onnx`.
 * Cost O(H W).
 */
export const laws: Extractor = {
  name: 'laws',
  title: "Laws: Laws' texture energy measure",
  minSide: 8,
  channels: 9,
  stride: 1,
  operationsPerPixel: () => 3500,
  bytesPerPixel: 300,
  async extract(image, models) {
    const { values, height, width } = image;
    const output = await models.run('laws.onnx', { values, dimensions: [1, 3, height, width] });
    return fullResolution(image, output.values);
  },
};
