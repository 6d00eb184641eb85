import { imageSource } from '../datasets/image-source.ts';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { StoredMethod } from '../../common/api/runs.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import type { NormalImage } from '../../engine/protocol/messages.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { ResultKey } from '../../store/results.ts';
import { listOtherImages, otherImagesSha256 } from '../../store/other-images.ts';
import type { Store } from '../../store/store.ts';
import { classRegions } from '../regions/class-regions.ts';

/** A method's inputs for a dataset, prepared once for all images. */
export interface PreparedMethod {
  definition: AnyMethod;
  /** The key of an image's result. @throws PerchError `INVALID_ARGUMENT` if its class lacks the other images */
  keyOf(image: StoredImage): ResultKey;
  /** The normal images, or the set, that an image is compared with; undefined for a method that needs none. */
  othersOf(image: StoredImage): NormalImage[] | undefined;
  /** The inspection region of an image's class; null for the whole image. */
  regionOf(image: StoredImage): InspectionRegion | null;
}

/**
 * @param unusable other images that turned out to be unusable
 * @throws PerchError `INVALID_ARGUMENT` for a method whose maps were imported; `MODEL_MISSING`,
 * `MODEL_UNUSABLE`, `UNKNOWN_NAME` if its extractor cannot be used
 */
export function prepareMethod(
  store: Store,
  dataset: number,
  method: StoredMethod,
  unusable: ReadonlySet<number> = new Set(),
): PreparedMethod {
  const { definition, label } = method;
  if (definition === null) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The maps of "${label}" were imported, so Perch cannot run it. Choose another method.`,
    );
  }
  const modelSha256 = modelSha256Of(definition);
  const kind = otherImages(definition);
  const byClass = new Map<string, Others>();
  const othersOf = (image: StoredImage): Others => {
    const { textureClass } = image;
    const kept = byClass.get(textureClass);
    if (kept) return kept;
    const images = listOtherImages(store.images, image, kind).filter(({ id }) => !unusable.has(id));
    if (kind === 'normal' && images.length === 0) {
      throw new PerchError(
        'INVALID_ARGUMENT',
        `"${label}" compares images with normal images, but the class "${textureClass}" has no normal training images ` +
          '(train/good). Add some and import the dataset again, or choose another method.',
      );
    }
    if (kind === 'set' && images.every(({ id }) => id === image.id)) {
      throw new PerchError(
        'INVALID_ARGUMENT',
        `"${label}" compares the test images of a class with each other, but the class "${textureClass}" has only one. ` +
          'Add others and import the dataset again, or choose another method.',
      );
    }
    const others = {
      images: images.map((other) => ({ ...imageSource(other), sha256: other.file.sha256 })),
      sha256: otherImagesSha256(images),
    };
    byClass.set(textureClass, others);
    return others;
  };
  const regionOf = classRegions(store, dataset);
  return {
    definition,
    keyOf: (image) => ({
      image: image.id,
      method: method.id,
      imageSha256: image.file.sha256,
      modelSha256,
      regionSha256: regionSha256(regionOf(image)),
      ...(kind === 'none' ? {} : { otherImagesSha256: othersOf(image).sha256 }),
    }),
    regionOf,
    othersOf: (image) => (kind === 'none' ? undefined : othersOf(image).images),
  };
}

interface Others {
  images: NormalImage[];
  sha256: string;
}
