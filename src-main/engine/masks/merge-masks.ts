import type { Problem } from '../../common/api/datasets.ts';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import { splitPage } from '../../files/paged-path.ts';
import { LIKELY_INVERTED, type Mask, orientMask, readMask } from './mask.ts';

/** The image that masks belong to. */
export interface MaskedImage {
  path: string;
  /** Size in pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** EXIF orientation that was applied, 1 to 8. */
  orientation: number;
  /** Whether the image is known to be normal. An empty mask is then not reported. */
  isNormal?: boolean;
}

/**
 * Merges the masks of an image; undefined if none is usable. Reports masks that are unreadable or do not have
 * the size of the image, masks that mark nothing or most of their image, and masks whose orientation is
 * ambiguous because the image has an EXIF orientation.
 */
export async function mergeMasks(
  paths: readonly string[],
  image: MaskedImage,
  maxPixels: number,
): Promise<{ mask: Mask | undefined; problems: Problem[] }> {
  let merged: Mask | undefined;
  const problems = await readEach(paths, async (path) => {
    const mask = await readImageMask(path, image, maxPixels);
    merged = merged ? mergeTwo(merged, mask) : mask;
    return mask.problems;
  });
  return { mask: merged, problems };
}

/** Reads masks one after the other. Returns their problems, and those of masks that cannot be used. */
export async function readEach(
  paths: readonly string[],
  read: (path: string) => Promise<Problem[]>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      problems.push(...(await read(path)));
    } catch (thrown) {
      if (!(thrown instanceof PerchError)) throw thrown;
      const kind = thrown.code === 'INVALID_MASK' ? 'mask-size' : 'mask-unreadable';
      problems.push({ kind, path, message: reportOf(thrown).message });
    }
  }
  return problems;
}

/**
 * Reads the mask of an image, in the orientation in which the image is displayed. A mask that has the size of the image only before its
 * EXIF orientation is applied is rotated with the image.
 *
 * @throws PerchError `INVALID_MASK` if the mask and the image differ in size; as `readMask`
 */
export async function readImageMask(
  path: string,
  image: MaskedImage,
  maxPixels: number,
): Promise<Mask & { marked: number; problems: Problem[] }> {
  const read = await readMask(path, maxPixels);
  const { orientation } = image;
  const fits = read.width === image.width && read.height === image.height;
  const fitsSensor = orientation >= 5 && read.width === image.height && read.height === image.width;
  if (!fitsSensor) assertImageSize(path, read, image);
  const problems = maskProblems(path, read, image);
  return { ...(fits ? read : orientMask(read, orientation)), marked: read.marked, problems };
}

/** @throws PerchError `INVALID_MASK` if a mask and its image differ in size */
export function assertImageSize(path: string, read: Size, image: MaskedImage): void {
  if (read.width !== image.width || read.height !== image.height) {
    throw new PerchError(
      'INVALID_MASK',
      `${path} has ${read.width} x ${read.height} pixels, but its image ${image.path} has ${image.width} x ${image.height}. ` +
        'A mask must have the size of its image.',
    );
  }
}

/** What a person should know about a mask that was read. */
export function maskProblems(
  path: string,
  read: Size & { pages: number; marked: number },
  image: MaskedImage,
): Problem[] {
  const { orientation } = image;
  const fits = read.width === image.width && read.height === image.height;
  const problems: Problem[] = [];
  const report = (kind: Problem['kind'], message: string) =>
    problems.push({ kind, path, message: `${path} ${message}` });
  const note = (message: string) => problems.push({ kind: 'note', path, message: `${path}: ${message}` });
  if (read.pages > 1 && splitPage(path).page === undefined)
    note(`It has ${read.pages} pages. Only the first is used.`);
  if (!fits) {
    note(`It has the size of the unrotated image and is rotated with it (EXIF orientation ${orientation}).`);
  } else if (orientation > 1) {
    note(
      `It is assumed to match its image after EXIF orientation ${orientation} is applied. ` +
        'A mask of the unrotated image would be wrong.',
    );
  }
  if (read.marked === 0 && !image.isNormal) report('mask-empty', 'is empty: all of its pixels are 0.');
  const fraction = read.marked / (read.width * read.height);
  if (fraction > LIKELY_INVERTED) {
    const percent = Math.floor(100 * fraction);
    report('mask-doubtful', `marks ${percent} % of its image. Invert it if black marks its defects.`);
  }
  return problems;
}

function mergeTwo(a: Mask, b: Mask): Mask {
  return { ...a, values: a.values.map((value, at) => value | b.values[at]) };
}
