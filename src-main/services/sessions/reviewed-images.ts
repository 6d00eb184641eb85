import type { GroundTruth } from '../../common/api/datasets.ts';
import type { ImageVerdict, Session } from '../../common/api/sessions.ts';
import type { Store } from '../../store/store.ts';
import { classThresholds } from '../class-thresholds.ts';

/** An image of a session, with its verdict, ground truth and score. */
export interface ReviewedImage {
  image: number;
  textureClass: string;
  name: string;
  /** Absolute path of its file, and the file's SHA-256. */
  path: string;
  sha256: string;
  groundTruth: GroundTruth;
  /**
   * Largest score of its latest map by the session's method, and its class's threshold; null if there is no
   * map.
   */
  score: number | null;
  threshold: number | null;
  imageVerdict: ImageVerdict | null;
}

/** A session's images, in review order. */
export function listReviewedImages(store: Store, { id, dataset, method }: Session): ReviewedImage[] {
  const images = new Map(store.images.listByDataset(dataset).map((image) => [image.id, image]));
  const results = method === null ? [] : store.results.listByMethod(dataset, method);
  const scores = new Map(results.map(({ image, max }) => [image, max]));
  const thresholds = method === null ? undefined : classThresholds(store, dataset, method);
  const verdicts = new Map(store.sessions.listVerdicts(id).map((each) => [each.image, each]));
  return store.sessions.listImages(id).flatMap((id) => {
    const image = images.get(id);
    if (!image) return [];
    const { textureClass, name, path, file, groundTruth } = image;
    const score = scores.get(id) ?? null;
    return {
      ...{ image: id, textureClass, name, path, sha256: file.sha256, groundTruth, score },
      threshold: score === null ? null : (thresholds?.get(textureClass) ?? null),
      imageVerdict: verdicts.get(id) ?? null,
    };
  });
}
