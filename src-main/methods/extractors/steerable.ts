import type { RgbImage } from '../types.ts';
import type { Extraction, Extractor, ModelRunner } from './extractor.ts';
import { fullResolution } from './full-resolution.ts';
import { rangeScaling } from './scaling.ts';

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
  scaling: rangeScaling,
  extract: (image, models) => run('steerable.onnx', image, models),
  extractUnscaled: (image, models) => run('steerable_unscaled.onnx', image, models),
};

async function run(graph: string, image: RgbImage, models: ModelRunner): Promise<Extraction> {
  const { values, height, width } = image;
  const output = await models.run(graph, { values, dimensions: [1, 3, height, width] });
  return fullResolution(image, output.values);
}
