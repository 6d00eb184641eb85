import { imageSource } from '../datasets/image-source.ts';
import { createHash } from 'node:crypto';
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
import type { Store } from '../../store/store.ts';
import { classRegions } from '../regions/class-regions.ts';

/** A method's inputs for a dataset, prepared once for all images. */
export interface PreparedMethod {
  definition: AnyMethod;
  /** The key of an image's result. @throws PerchError `INVALID_ARGUMENT` if its class has no normal images */
  keyOf(image: StoredImage): ResultKey;
  /** The normal images that an image is compared with; undefined for a method without a memory bank. */
  normalOf(image: StoredImage): NormalImage[] | undefined;
  /** The inspection region of an image's class; null for the whole image. */
  regionOf(image: StoredImage): InspectionRegion | null;
}

/**
 * @throws PerchError `INVALID_ARGUMENT` for a method whose maps were imported; `MODEL_MISSING`,
 * `MODEL_UNUSABLE`, `UNKNOWN_NAME` if its extractor cannot be used
 */
export function prepareMethod(store: Store, dataset: number, method: StoredMethod): PreparedMethod {
  const { definition, label } = method;
  if (definition === null) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The maps of "${label}" were imported, so Perch cannot run it. Choose another method.`,
    );
  }
  const modelSha256 = modelSha256Of(definition);
  const banks = new Map<string, Bank>();
  const bankOf = ({ textureClass }: StoredImage): Bank => {
    const kept = banks.get(textureClass);
    if (kept) return kept;
    const images = store.images.listNormal(dataset, textureClass);
    if (images.length === 0) {
      throw new PerchError(
        'INVALID_ARGUMENT',
        `"${label}" compares images with normal images, but the class "${textureClass}" has no normal training images ` +
          '(train/good). Add some and import the dataset again, or choose another method.',
      );
    }
    const bank = bankFrom(images);
    banks.set(textureClass, bank);
    return bank;
  };
  const hasBank = otherImages(definition) === 'normal';
  const regionOf = classRegions(store, dataset);
  return {
    definition,
    keyOf: (image) => ({
      image: image.id,
      method: method.id,
      imageSha256: image.file.sha256,
      modelSha256,
      regionSha256: regionSha256(regionOf(image)),
      ...(hasBank ? { memoryBankSha256: bankOf(image).sha256 } : {}),
    }),
    regionOf,
    normalOf: (image) => (hasBank ? bankOf(image).images : undefined),
  };
}

interface Bank {
  images: NormalImage[];
  sha256: string;
}

function bankFrom(images: readonly StoredImage[]): Bank {
  const content = images.map(({ file, tileIndex, crop }) => [
    file.sha256,
    crop ?? (tileIndex > 0 ? tileIndex : null),
  ]);
  return {
    images: images.map((image) => ({ ...imageSource(image), sha256: image.file.sha256 })),
    sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  };
}
