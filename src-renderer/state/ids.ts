import type { Image } from '../../src-main/api/schemas.ts';

/** The ids of images, for looking many up. */
export function idsOf(images: readonly Pick<Image, 'id'>[]): ReadonlySet<string> {
  return new Set(images.map(({ id }) => id));
}
