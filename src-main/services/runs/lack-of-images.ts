import type { OtherImages } from '../../common/api/other-images.ts';
import type { SkippedClasses } from '../../common/api/runs.ts';
import type { StoredImage } from '../../store/images.ts';

const REASONS: Record<Exclude<OtherImages, 'none'>, string> = {
  normal: 'It compares images with normal images, and there are no normal training images (train/good).',
  set: 'It compares the test images of a class with each other, and there is only one.',
};

/** Why an image cannot be compared with others; undefined if it can. */
export function lackOfImages(
  kind: OtherImages,
  { id }: Pick<StoredImage, 'id'>,
  others: readonly Pick<StoredImage, 'id'>[],
): string | undefined {
  if (kind === 'none' || others.some((other) => kind === 'normal' || other.id !== id)) return undefined;
  return REASONS[kind];
}

/** The classes of images that cannot be compared; null if there are none. */
export function classesThatLack(
  images: readonly StoredImage[],
  lackOf: (image: StoredImage) => string | undefined,
): SkippedClasses | null {
  const lacking = images.filter((image) => lackOf(image) !== undefined);
  const reason = lacking.length > 0 ? lackOf(lacking[0]) : undefined;
  if (reason === undefined) return null;
  return { classes: [...new Set(lacking.map(({ textureClass }) => textureClass))], reason };
}
