import { createHash } from 'node:crypto';
import { otherImages, type OtherImages } from '../common/api/other-images.ts';
import type { ImageTable, StoredImage } from './images.ts';
import type { MethodTable } from './methods.ts';

/**
 * The images that a class is compared with, in the dataset's order: its normal training images, or the set of its
 * test images. A set has only files that are known to be present.
 */
export function listOtherImages(
  images: ImageTable,
  { dataset, textureClass }: Pick<StoredImage, 'dataset' | 'textureClass'>,
  kind: OtherImages,
): StoredImage[] {
  if (kind === 'none') return [];
  if (kind === 'normal') return images.listNormal(dataset, textureClass);
  return images
    .listByClass(dataset, textureClass)
    .filter(({ split, state }) => split === 'test' && state === 'present');
}

/** Identifies images by content. */
export function otherImagesSha256(images: readonly StoredImage[]): string {
  const content = images.map(({ file, tileIndex, crop }) => [
    file.sha256,
    crop ?? (tileIndex > 0 ? tileIndex : null),
  ]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The checksum of the present other images, by class; empty for a method that needs none. */
export function otherImagesByClass(
  { images, methods }: { images: ImageTable; methods: MethodTable },
  dataset: number,
  method: number,
): Record<string, string> {
  const { definition } = methods.get(method);
  const kind = definition ? otherImages(definition) : 'none';
  if (kind === 'none') return {};
  const classes = new Set(images.listByDataset(dataset).map(({ textureClass }) => textureClass));
  return Object.fromEntries(
    [...classes].map((textureClass) => [
      textureClass,
      otherImagesSha256(listOtherImages(images, { dataset, textureClass }, kind)),
    ]),
  );
}
