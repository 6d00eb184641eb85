import { PerchError } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';
import type { Preprocessing } from '../../methods/extractors/backbone.ts';
import type { FeatureMap, RgbImage } from '../../methods/types.ts';

/** Sizes of the probe images: not square, unlike each other, and multiples of any stride in use. */
const PROBE_SIZES = [
  [192, 256],
  [320, 224],
] as const;

/** What was learned about a graph by running it. */
export interface ProbeResult {
  channels: number;
  stride: number;
  /** Features of the probe images. */
  features: FeatureMap[];
}

/**
 * Runs a graph on probe images through the engine.
 *
 * @throws PerchError `MODEL_UNUSABLE` where it fails, its features are not finite or their size does not follow the image's
 */
export async function probe(
  graph: { file: string } & Preprocessing,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const features: FeatureMap[] = [];
  const strides = new Set<number>();
  for (const [height, width] of PROBE_SIZES) {
    const image = probeImage(height, width);
    const answer = await engine.run('probe', { graph, image }, { signal });
    refuseNotFinite(graph.file, answer.features);
    strides.add(strideOf(graph.file, image, answer.features));
    features.push(answer.features);
  }
  const channels = features[0].channels;
  if (strides.size > 1 || features.some((map) => map.channels !== channels)) {
    throw unusable(graph.file, 'gives maps of different proportions for images of different sizes');
  }
  return { channels, stride: [...strides][0], features };
}

/** How far features are from those they stand for, over all probe images; both are 0..1. */
export function deviation(found: ProbeResult, exact: ProbeResult): { largest: number; mean: number } {
  let [largest, sum, count] = [0, 0, 0];
  found.features.forEach(({ values }, i) => {
    values.forEach((value, j) => {
      const distance = Math.abs(value - exact.features[i].values[j]);
      largest = Math.max(largest, distance);
      sum += distance;
    });
    count += values.length;
  });
  return { largest, mean: sum / count };
}

/** A texture of crossed waves that drift in colour, the same every time. */
function probeImage(height: number, width: number): RgbImage {
  const plane = height * width;
  const values = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    // A hash of the position, as fine grain.
    const grain = Math.abs(Math.sin(x * 12.9898 + y * 78.233) * 43758.5453) % 1;
    const weave = Math.sin(x * 0.7 + 0.002 * y * y) * Math.sin(y * 0.5);
    for (let channel = 0; channel < 3; channel++) {
      const shade = 0.15 * Math.sin((x * (channel + 1) + y * 2) / 40);
      values[channel * plane + i] = 0.5 + 0.2 * weave + shade + 0.1 * (grain - 0.5);
    }
  }
  return { values, height, width };
}

function refuseNotFinite(file: string, { values }: FeatureMap): void {
  if (!values.every(Number.isFinite)) throw unusable(file, 'makes features that are not finite');
}

function strideOf(file: string, image: RgbImage, { height, width }: FeatureMap): number {
  const stride = Math.round(image.width / width);
  const fits = (side: number, positions: number) => Math.abs(side / stride - positions) <= 1;
  if (stride >= 1 && fits(image.width, width) && fits(image.height, height)) return stride;
  throw unusable(
    file,
    `makes a map of ${width} x ${height} of an image of ${image.width} x ${image.height} pixels`,
  );
}

function unusable(file: string, what: string): PerchError {
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}. Name another layer.`);
}
