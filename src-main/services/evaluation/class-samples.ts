import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Result } from '../../common/api/runs.ts';
import { imageLabelOf } from '../datasets/image-label.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { classRegions } from '../regions/class-regions.ts';

/** A test image with ground truth and its result. */
export interface EvaluationSample {
  image: StoredImage;
  result: Result;
  /** The inspection region of the result; null for the whole image. */
  region: InspectionRegion | null;
}

/** The method's own score of the image. It covers the whole image, so it does not count where only a region is inspected. */
export function ownScore({
  result,
  region,
}: Pick<EvaluationSample, 'result' | 'region'>): number | undefined {
  return region === null ? result.imageScore : undefined;
}

/** The samples of a class for a method. */
export interface ClassSamples {
  textureClass: string;
  images: EvaluationSample[];
  /** Number of images with ground truth but no map. */
  missing: number;
  /** Number of images whose label is unknown. */
  unknown: number;
}

/** The samples of each class of a dataset, in dataset order. */
export function listClassSamples(store: Store, dataset: number, method: number): ClassSamples[] {
  const results = currentResults(store, dataset, method);
  const regionOf = classRegions(store, dataset);
  const classes = new Map<string, ClassSamples>();
  for (const image of store.images.listByDataset(dataset)) {
    if (image.split !== 'test') continue;
    const { textureClass } = image;
    const samples = classes.get(textureClass) ?? { textureClass, images: [], missing: 0, unknown: 0 };
    classes.set(textureClass, samples);
    if (imageLabelOf(image) === 'unknown') {
      samples.unknown++;
      continue;
    }
    const result = results.get(image.id);
    if (result?.current) samples.images.push({ image, result, region: regionOf(image) });
    else samples.missing++;
  }
  return [...classes.values()];
}

/** Each image's latest result by a method. */
export function currentResults(store: Store, dataset: number, method: number): Map<number, Result> {
  return new Map(store.results.listByMethod(dataset, method).map((result) => [result.image, result]));
}

/** A dataset's test images with their current result, with or without ground truth. */
export function inspectedImages(store: Store, dataset: number, method: number): EvaluationSample[] {
  const results = currentResults(store, dataset, method);
  const regionOf = classRegions(store, dataset);
  return store.images.listByDataset(dataset).flatMap((image) => {
    const result = results.get(image.id);
    return image.split === 'test' && result?.current ? [{ image, result, region: regionOf(image) }] : [];
  });
}
