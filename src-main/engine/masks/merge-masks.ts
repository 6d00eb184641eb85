import type { Problem } from '../../common/api/datasets.ts';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import { splitPage } from '../../files/paged-path.ts';
import { LIKELY_INVERTED, type Mask, readMask, turnMask } from './mask.ts';

/** What is known of an image when masks are laid on it. */
export interface MaskedImage {
  path: string;
  /** Size in pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** EXIF orientation that was applied to it, 1 to 8. */
  orientation: number;
  /** Whether it is known to be normal, so that a mask that marks nothing is right. */
  isNormal?: boolean;
}

/**
 * The union of the masks of an image, whatever it marks; undefined where none can be used. What is doubtful is told: masks that
 * cannot be read or do not fit, that mark nothing or nearly all, and those whose frame is not known because EXIF turned the image.
 */
export async function mergeMasks(
  paths: readonly string[],
  image: MaskedImage,
  maxPixels: number,
): Promise<{ mask: Mask | undefined; problems: Problem[] }> {
  const problems: Problem[] = [];
  let united: Mask | undefined;
  for (const path of paths) {
    try {
      const mask = await readImageMask(path, image, maxPixels);
      problems.push(...mask.problems);
      united = united ? unionOf(united, mask) : mask;
    } catch (thrown) {
      if (!(thrown instanceof PerchError)) throw thrown;
      const kind = thrown.code === 'INVALID_MASK' ? 'mask-size' : 'mask-unreadable';
      problems.push({ kind, path, message: reportOf(thrown).message });
    }
  }
  return { mask: united, problems };
}

/**
 * The mask of an image, in the frame of the image as it is shown. A mask that fits only the sensor's frame is turned with it.
 *
 * @throws PerchError `INVALID_MASK` where it does not have the size of its image, and as `readMask`
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
  if (!fits && !fitsSensor) {
    throw new PerchError(
      'INVALID_MASK',
      `${path} is ${read.width} x ${read.height} pixels, its image ${image.path} ${image.width} x ${image.height}. ` +
        'A mask has the size of its image.',
    );
  }
  const problems: Problem[] = [];
  const tell = (kind: Problem['kind'], message: string) =>
    problems.push({ kind, path, message: `${path} ${message}` });
  const note = (message: string) => problems.push({ kind: 'note', path, message: `${path}: ${message}` });
  if (read.pages > 1 && splitPage(path).page === undefined)
    note(`It has ${read.pages} pages. The first is taken as the mask.`);
  if (!fits) {
    note(
      `It lies in the frame of the sensor and is turned with its image (EXIF orientation ${orientation}).`,
    );
  } else if (orientation > 1) {
    note(
      `It is taken to lie in the frame of its image as it is shown, after EXIF orientation ${orientation}. ` +
        'Masks drawn in the frame of the sensor would be wrong.',
    );
  }
  if (read.marked === 0 && !image.isNormal) tell('mask-empty', 'marks nothing: all of its pixels are 0.');
  const part = read.marked / (read.width * read.height);
  if (part > LIKELY_INVERTED) {
    const percent = Math.floor(100 * part);
    tell('mask-doubtful', `marks ${percent} % of its image. Invert it if it is black where the defect is.`);
  }
  return { ...(fits ? read : turnMask(read, orientation)), marked: read.marked, problems };
}

function unionOf(a: Mask, b: Mask): Mask {
  return { ...a, values: a.values.map((value, at) => value | b.values[at]) };
}
