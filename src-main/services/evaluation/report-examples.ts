import type { EngineClient } from '../../engine/client/engine-client.ts';
import { classRange } from '../../common/maps/class-range.ts';
import type { ValueRange } from '../../common/maps/value-range.ts';
import { readNpy } from '../../common/maps/npy.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { imageSource } from '../datasets/image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import type { Example } from '../reports/report.ts';
import type { ClassSamples, EvaluationSample } from './class-samples.ts';

/** Number of examples per class, with different defect types if possible. */
const EXAMPLES = 2;

/** Image side in pixels: twice its size on the page, for high-resolution screens. */
const SIDE = 400;

/**
 * Renders defective images of a class with each method's heatmap. Images that can no longer be read are
 * omitted.
 *
 * @param samples each method's samples of the class
 */
export async function renderExamples(
  samples: readonly { method: number; of: ClassSamples }[],
  store: Store,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Example[]> {
  const ranges = new Map(
    samples.map(({ method, of }) => [method, classRange(of.images.map(({ result }) => result)).range]),
  );
  const examples: Example[] = [];
  for (const image of chosen(samples[0]?.of.images ?? [])) {
    const withMaps = samples.flatMap(({ method, of }) => {
      const found = of.images.find((candidate) => candidate.image.id === image.id);
      return found ? [{ method, samples: found }] : [];
    });
    const maps = await Promise.all(
      withMaps.map(({ method, samples: of }) => rangedMap(of, ranges.get(method) as ValueRange, store)),
    );
    const { mask } = image;
    const request = {
      ...imageSource(image),
      maps,
      side: SIDE,
      maxPixels: DEFAULT_MAX_PIXELS,
      mask: mask === null ? undefined : store.blobs.pathOf(mask),
    };
    const { image: rendered, heatmaps } = await engine.request('renderReportImages', request, { signal });
    examples.push({
      textureClass: image.textureClass,
      name: image.name,
      picture: address(rendered),
      heatmaps: withMaps.map(({ method }, at) => ({ method, picture: address(heatmaps[at]) })),
    });
  }
  return examples;
}

function chosen(images: readonly EvaluationSample[]): StoredImage[] {
  const anomalous = images
    .map(({ image }) => image)
    .filter(({ groundTruth, state }) => groundTruth === 'masked' && state === 'present');
  const firstOfKind = anomalous.filter(
    ({ defectType }, at) => anomalous.findIndex((other) => other.defectType === defectType) === at,
  );
  return [...new Set([...firstOfKind, ...anomalous])].slice(0, EXAMPLES);
}

async function rangedMap({ result, region }: EvaluationSample, range: ValueRange, store: Store) {
  const { values, shape } = readNpy(await store.blobs.read(result.map), store.blobs.pathOf(result.map));
  const { width, height, extentWidth, extentHeight } = result;
  const map = { values, height: shape[0], width: shape[1] };
  return { placed: { map, width, height, extentWidth, extentHeight, region }, range };
}

const address = (jpeg: Uint8Array) => `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
