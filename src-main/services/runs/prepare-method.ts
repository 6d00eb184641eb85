import { imageSource } from '../datasets/image-source.ts';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { StoredMethod } from '../../common/api/runs.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import type { NormalImage } from '../../engine/protocol/data-types.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { ResultKey } from '../../store/results.ts';
import { listOtherImages, otherImagesSha256 } from '../../store/other-images.ts';
import type { Store } from '../../store/store.ts';
import { lackOfImages } from './lack-of-images.ts';
import { classRegions } from '../regions/class-regions.ts';

/** A method's inputs for a dataset, prepared once for all images. */
export interface PreparedMethod {
  definition: AnyMethod;
  /** The key of an image's result. @throws PerchError `INVALID_ARGUMENT` if its class lacks the other images */
  keyOf(image: StoredImage): ResultKey;
  /** The normal images, or the set, that an image is compared with; undefined for a method that needs none. */
  othersOf(image: StoredImage): NormalImage[] | undefined;
  /** Why an image cannot be compared with others; undefined if it can. */
  lackOf(image: StoredImage): string | undefined;
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
  const othersOf = ({ dataset, textureClass }: StoredImage): Others => {
    const kept = byClass.get(textureClass);
    if (kept) return kept;
    const images = listOtherImages(store.images, { dataset, textureClass }, kind).filter(
      ({ id }) => !unusable.has(id),
    );
    const others = {
      stored: images,
      images: images.map((other) => ({ ...imageSource(other), sha256: other.file.sha256 })),
      sha256: otherImagesSha256(images),
    };
    byClass.set(textureClass, others);
    return others;
  };
  const lackOf = (image: StoredImage) =>
    kind === 'none' ? undefined : lackOfImages(kind, image, othersOf(image).stored);
  const usableOthersOf = (image: StoredImage): Others => {
    const reason = lackOf(image);
    if (reason === undefined) return othersOf(image);
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${label}" cannot inspect the class "${image.textureClass}": ${reason} Add some and import the dataset again, or choose ` +
        'another method.',
    );
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
      ...(kind === 'none' ? {} : { otherImagesSha256: usableOthersOf(image).sha256 }),
    }),
    regionOf,
    othersOf: (image) => (kind === 'none' ? undefined : usableOthersOf(image).images),
    lackOf,
  };
}

interface Others {
  stored: readonly StoredImage[];
  images: NormalImage[];
  sha256: string;
}
