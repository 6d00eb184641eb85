import { type Prng, sampleIndices } from '../../methods/prng.ts';

/**
 * The images for each operator of a group. All operators review a share `overlap` of the images, rounded up;
 * the others are dealt to the operators in turn. The selection is random. Each operator's images are in the
 * given order.
 */
export function assignImages(
  images: readonly number[],
  operators: number,
  overlap: number,
  uniform: Prng,
): number[][] {
  // A share of 0.07 of 100 images must be 7, not 8.
  const common = Math.ceil(overlap * images.length - 1e-9);
  const operatorOf = new Map<number, number>();
  sampleIndices(images.length, images.length, uniform)
    .subarray(common)
    .forEach((index, turn) => operatorOf.set(index, turn % operators));
  return Array.from({ length: operators }, (_, operator) =>
    images.filter((_image, index) => (operatorOf.get(index) ?? operator) === operator),
  );
}

/** Shuffles the images of each class. The classes keep the order in which they first occur. */
export function mixWithinClasses(
  images: readonly number[],
  classOf: (image: number) => string,
  uniform: Prng,
): number[] {
  return [...Map.groupBy(images, classOf).values()].flatMap((members) =>
    Array.from(sampleIndices(members.length, members.length, uniform), (index) => members[index]),
  );
}
