import type { Extractor } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';

/**
 * One full-resolution level of a steerable pyramid with 43 orientations, for each color (docs/method.md, section 1): 129
 * channels at image size, scaled, by the graph `models/steerable.onnx`. Cost O(H W (H + W)).
 */
export const steerable: Extractor = {
  name: 'steerable',
  title: 'Steerable: steerable filters of 43 orientations',
  minSide: 3,
  channels: 129,
  stride: 1,
  operationsPerPixel: ({ height, width }) => 100 * (height + width),
  bytesPerPixel: 1700,
  async extract(image, models) {
    const { values, height, width } = image;
    const output = await models.run('steerable.onnx', { values, dimensions: [1, 3, height, width] });
    return fullResolution(image, output.values);
  },
};
