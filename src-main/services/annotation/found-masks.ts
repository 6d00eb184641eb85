import type { Problem } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { StoredImage } from '../../store/images.ts';

/** Ground truth of an image, read from a file. */
export interface IncomingMask {
  image: StoredImage;
  /** The file that contains it. */
  path: string;
  /**
   * Whether an empty mask makes the image normal. It does not if shapes are unreadable or outside the image.
   */
  mayBeNormal: boolean;
  /** Returns a PNG of the image's size, the number of anomalous pixels, and problems. */
  read(signal: AbortSignal): Promise<{ png: Uint8Array; pixels: number; problems: Problem[] }>;
}

/** Ground truth in a folder for the images of a dataset. */
export interface FoundMasks {
  masks: IncomingMask[];
  /** Problems, such as files without an image. */
  problems: Problem[];
}

/** The error for a folder without files of a format. */
export function nothingFound(folder: string, what: string): PerchError {
  return new PerchError('NOT_FOUND', `Cannot import from ${folder}: ${what}`);
}
