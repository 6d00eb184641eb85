import { PerchError } from '../../common/api/errors.ts';
import { extractBackbone, type Preprocessing } from '../../methods/extractors/backbone.ts';
import type { Extraction, ModelRunner } from '../../methods/extractors/extractor.ts';
import type { FeatureMap, RgbImage } from '../../methods/types.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { probeImage } from './probe-image.ts';

/** Sizes of the probe images: not square, different from each other, and multiples of every common stride. */
const PROBE_SIZES = [
  [192, 256],
  [320, 224],
] as const;

type Graph = { file: string } & Preprocessing;

/**
 * Runs a graph on probe images. If an exact graph is given, compares the features of both.
 *
 * @throws PerchError `MODEL_UNUSABLE` if it fails, or its features are not finite or not proportional to the image
 */
export async function probeModel(
  { graph, exact }: EngineRequests['probeModel']['request'],
  runner: ModelRunner,
): Promise<EngineRequests['probeModel']['response']> {
  const deviation = new Deviation();
  const found: { channels: number; stride: number }[] = [];
  for (const [height, width] of PROBE_SIZES) {
    const image = probeImage(height, width);
    const extraction = await extract(graph, image, runner);
    const { features } = extraction;
    found.push({ channels: features.channels, stride: strideOf(graph, image, extraction) });
    if (exact) deviation.add(features, (await extract(exact, image, runner)).features);
  }
  const [{ channels, stride }] = found;
  if (found.some((other) => other.channels !== channels || other.stride !== stride)) {
    throw unusable(
      graph.file,
      'produces feature maps of different proportions for images of different sizes',
    );
  }
  return { channels, stride, ...(exact ? { deviation: deviation.summary } : {}) };
}

async function extract(
  { file, ...preprocessing }: Graph,
  image: RgbImage,
  runner: ModelRunner,
): Promise<Extraction> {
  return extractBackbone({ model: file, ...preprocessing }, image, runner);
}

/** Deviation of features from exact ones, both in 0..1. */
class Deviation {
  #largest = 0;
  #sum = 0;
  #count = 0;

  add({ values }: FeatureMap, exact: FeatureMap): void {
    values.forEach((value, i) => {
      const distance = Math.abs(value - exact.values[i]);
      this.#largest = Math.max(this.#largest, distance);
      this.#sum += distance;
    });
    this.#count += values.length;
  }

  get summary(): { largest: number; mean: number } {
    return { largest: this.#largest, mean: this.#sum / this.#count };
  }
}

function strideOf(
  { file, size }: Graph,
  image: RgbImage,
  { features: { height, width }, extentHeight, extentWidth }: Extraction,
): number {
  // Every image has this size.
  if (size) return Math.max(1, Math.round(size.width / width));
  const stride = Math.round(extentWidth / width);
  const fits = (side: number, positions: number) => Math.abs(side / stride - positions) <= 1;
  if (stride >= 1 && fits(extentWidth, width) && fits(extentHeight, height)) return stride;
  throw unusable(
    file,
    `produces a feature map of ${width} x ${height} for an image of ${image.width} x ${image.height} pixels`,
  );
}

function unusable(file: string, what: string): PerchError {
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}. Name another layer.`);
}
