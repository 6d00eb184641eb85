import type { Result } from '../../common/api/runs.ts';
import { imageLabelOf } from '../datasets/image-label.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/** A test image whose ground truth is known, and the map that a method made of it. */
export interface EvaluationSample {
  image: StoredImage;
  result: Result;
}

/** What metrics of one method over one class rest on. */
export interface ClassSamples {
  textureClass: string;
  images: EvaluationSample[];
  /** Images whose ground truth is known and of which there is no map. */
  missing: number;
  /** Images of which nothing is known, neither by ground truth nor by their folder. */
  unknown: number;
}

/** The classes of a dataset in its order, with the current result of each test image whose ground truth is known. */
export function listClassSamples(store: Store, dataset: number, method: number): ClassSamples[] {
  const results = currentResults(store, dataset, method);
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
    if (result?.imageSha256 === image.file.sha256) samples.images.push({ image, result });
    else samples.missing++;
  }
  return [...classes.values()];
}

/** The latest result of each image by a method. */
export function currentResults(store: Store, dataset: number, method: number): Map<number, Result> {
  return new Map(store.results.listByMethod(dataset, method).map((result) => [result.image, result]));
}

/** The test images of a dataset with their current result, whatever is known of their ground truth. */
export function inspectedImages(store: Store, dataset: number, method: number): EvaluationSample[] {
  const results = currentResults(store, dataset, method);
  return store.images.listByDataset(dataset).flatMap((image) => {
    const result = results.get(image.id);
    return image.split === 'test' && result?.imageSha256 === image.file.sha256 ? [{ image, result }] : [];
  });
}
