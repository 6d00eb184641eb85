import { otherImages } from '../../common/api/other-images.ts';
import type { Estimate } from '../../common/api/runs.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { canonicalizeMethod } from '../../methods/validate-method.ts';
import {
  normalImagesSeconds,
  type HardwareProfile,
  createCostModel,
} from '../../methods/cost-model/cost-model.ts';
import type { StoredImage } from '../../store/images.ts';
import { listOtherImages } from '../../store/other-images.ts';
import type { Store } from '../../store/store.ts';
import { classesThatLack, lackOfImages } from './lack-of-images.ts';
import { listTimedMethods, type SpeedFactors, speedFactors } from './calibration.ts';

/**
 * Estimates time and memory of methods for images without a result: the cost model, scaled by the
 * speed factors of this machine.
 *
 * @throws PerchError if a method cannot be used
 */
export function estimateMethods(
  store: Store,
  hardware: HardwareProfile,
  images: readonly StoredImage[],
  definitions: readonly AnyMethod[],
): Estimate[] {
  const measured = listTimedMethods(store);
  /** Images whose features an earlier method already extracts. */
  const extracted = new Map<string, Set<number>>();
  return definitions.map((definition) => {
    const kind = otherImages(definition);
    const othersOf = lookup(({ dataset, textureClass }: StoredImage) =>
      listOtherImages(store.images, { dataset, textureClass }, kind),
    );
    const lackOf = (image: StoredImage) => lackOfImages(kind, image, othersOf(image));
    const left = withoutResult(store, images, definition).filter((image) => lackOf(image) === undefined);
    const factors = speedFactors(measured, definition, hardware);
    const shared = sharedFeatures(extracted, definition);
    let [seconds, bytes] = [0, 0];
    for (const members of Map.groupBy(left, (image) => image.textureClass).values()) {
      const normal = othersOf(members[0]);
      const costModel = createCostModel(definition, hardware, normal);
      seconds += normalImagesSeconds(definition, hardware, normal);
      for (const image of members) {
        const needed = costModel(image);
        const extract = shared?.has(image.id) ? 0 : needed.extract * (factors.extract ?? 1);
        shared?.add(image.id);
        seconds += needed.decode * (factors.decode ?? 1) + extract + needed.compare * (factors.compare ?? 1);
        bytes = Math.max(bytes, needed.bytes);
      }
    }
    const skipped = classesThatLack(images, lackOf);
    return { images: left.length, seconds, bytes, basis: basisOf(definition, factors), skipped };
  });
}

/** A function of an image that is called once for each class. */
function lookup<Value>(find: (image: StoredImage) => Value): (image: StoredImage) => Value {
  const byClass = new Map<string, Value>();
  return (image) => {
    const kept = byClass.get(image.textureClass) ?? find(image);
    byClass.set(image.textureClass, kept);
    return kept;
  };
}

/** `measured` if every slow part has a speed factor. */
function basisOf(definition: AnyMethod, { extract, compare }: SpeedFactors): Estimate['basis'] {
  const known = compare !== undefined && (!('extractor' in definition) || extract !== undefined);
  return known ? 'measured' : 'modeled';
}

function sharedFeatures(extracted: Map<string, Set<number>>, definition: AnyMethod): Set<number> | undefined {
  if (!('extractor' in definition)) return undefined;
  const key = `${definition.extractor} ${definition.resize} ${'normal' in definition}`;
  const images = extracted.get(key) ?? new Set();
  extracted.set(key, images);
  return images;
}

function withoutResult(store: Store, images: readonly StoredImage[], definition: AnyMethod): StoredImage[] {
  const method = store.methods.findByDefinition(canonicalizeMethod(definition));
  if (!method || images.length === 0) return [...images];
  const results = store.results.listByMethod(images[0].dataset, method.id);
  const done = new Set(results.filter(({ current }) => current).map(({ image }) => image));
  return images.filter(({ id }) => !done.has(id));
}
