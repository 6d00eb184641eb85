/** The values in use of a 16-bit image, null of one that says what white is. */
type UsedRange = { bits: number; mean: number } | null;

/** Two images of one class are alike where their brightness differs by this factor at most, as a logarithm. */
const ALIKE = Math.log(2);

/**
 * The bits that each image of one texture class is read as; undefined for images that say what white is.
 *
 * A camera's images share one depth: the smallest that holds the values of all, so that a dark image stays dark. A folder may also
 * hold the same scene in containers of several depths. There, an image is read by its own depth where only so its brightness
 * is like that of the others.
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

/** Brightness in 0..1; a little above 0 for what is black. */
function levelAt(mean: number, bits: number): number {
  return Math.max(mean, 1) / (2 ** bits - 1);
}
