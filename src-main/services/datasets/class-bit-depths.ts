/** The used range of a 16-bit image; null if the file defines its white level. */
type UsedRange = { bits: number; mean: number } | null;

/** Images of a class are similar if their brightness differs by at most this factor (as a logarithm). */
const ALIKE = Math.log(2);

/**
 * The bit depth of each image of a texture class; undefined for images whose file defines the white level.
 *
 * Images of one camera share a depth: the smallest that holds all values, so that a dark image stays dark. If
 * a folder contains images of several depths, an image is read with its own depth if only that makes its
 * brightness similar to the others.
 */
export function classBitDepths(images: readonly UsedRange[]): (number | undefined)[] {
  const used = images.filter((image) => image !== null);
  const depth = Math.max(...used.map(({ bits }) => bits));
  const levels = used.filter(({ bits }) => bits === depth).map(({ mean }) => levelAt(mean, depth));
  const typical = levels.sort((a, b) => a - b)[levels.length >> 1];
  return images.map((image) => {
    if (image === null) return undefined;
    const { bits, mean } = image;
    const distance = (as: number) => Math.abs(Math.log(levelAt(mean, as) / typical));
    return distance(bits) <= ALIKE && distance(bits) + ALIKE < distance(depth) ? bits : depth;
  });
}

/** Brightness in 0..1, above 0 for black images. */
function levelAt(mean: number, bits: number): number {
  return Math.max(mean, 1) / (2 ** bits - 1);
}
