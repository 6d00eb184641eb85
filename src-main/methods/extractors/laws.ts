import { atImageSize } from './full-resolution.ts';
import type { Extractor } from './extractor.ts';

/**
 * Laws' texture energy, not scaled (method.md, section 1): 9 channels at image size, by the graph `models/laws.onnx`.
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
  async extract(image, graphs) {
    const { values, height, width } = image;
    const output = await graphs.run('laws.onnx', { values, dimensions: [1, 3, height, width] });
    return atImageSize(image, output.values);
  },
};
