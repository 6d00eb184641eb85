import type { GroundTruth } from '../../common/api/datasets.ts';
import type { Decision, ImageDecision } from '../../common/api/recipes.ts';
import type { ImageVerdict, Session, Verdict } from '../../common/api/sessions.ts';
import type { Scale } from '../../common/scale.ts';
import type { Store } from '../../store/store.ts';
import { classThresholds } from '../class-thresholds.ts';

/** An image of a session with all that is known of it. */
export interface ReviewedImage {
  image: number;
  textureClass: string;
  name: string;
  /** Absolute path of its file, and the SHA-256 of that. */
  path: string;
  sha256: string;
  groundTruth: GroundTruth;
  /** Largest score of its latest map by the session's method, and its class's threshold; null if there is no map. */
  score: number | null;
  threshold: number | null;
  /** By its class's recipe; null if there is none. */
  decision: Decision | null;
  imageVerdict: ImageVerdict | null;
  /** Scale of the image; null if it is unknown. */
  scale: Scale | null;
  /** The first verdict in the session, even if it was undone. */
  firstVerdict: Verdict | null;
}

/** The images of a session, in the order of review. */
export function listReviewedImages(
  store: Store,
  { id, dataset, method }: Session,
  decided: readonly ImageDecision[],
): ReviewedImage[] {
  const images = new Map(store.images.listByDataset(dataset).map((image) => [image.id, image]));
  const results = method === null ? [] : store.results.listByMethod(dataset, method);
  const scores = new Map(results.map(({ image, max }) => [image, max]));
  const thresholds = method === null ? undefined : classThresholds(store, dataset, method);
  const decisions = new Map(decided.map(({ image, decision }) => [image, decision]));
  const verdicts = new Map(store.verdicts.list(id).map((each) => [each.image, each]));
  const scales = new Map(
    store.classScales.list(dataset).map(({ textureClass, scale }) => [textureClass, scale]),
  );
  const firstVerdicts = store.verdicts.listFirst(id);
  return store.sessions.listImages(id).flatMap((id) => {
    const image = images.get(id);
    if (!image) return [];
    const { textureClass, name, path, file, groundTruth } = image;
    const score = scores.get(id) ?? null;
    return {
      image: id,
      textureClass,
      name,
      path,
      sha256: file.sha256,
      groundTruth,
      score,
      threshold: score === null ? null : (thresholds?.get(textureClass) ?? null),
      decision: decisions.get(id) ?? null,
      scale: store.rolls.find(id)?.scale ?? scales.get(textureClass) ?? null,
      imageVerdict: verdicts.get(id) ?? null,
      firstVerdict: firstVerdicts.get(id) ?? null,
    };
  });
}
