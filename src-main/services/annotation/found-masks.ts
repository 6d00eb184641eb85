import type { Problem } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { StoredImage } from '../../store/images.ts';

/** Ground truth that was found for an image, and how it becomes a mask. */
export interface IncomingMask {
  image: StoredImage;
  /** The file that says it. */
  path: string;
  /** Whether an image is normal where nothing is marked. It is not where shapes could not be read or lie outside the image. */
  mayBeNormal: boolean;
  /** PNG of the image's size, how many of its pixels are anomalous, and what is doubtful about it. */
  read(signal: AbortSignal): Promise<{ png: Uint8Array; pixels: number; problems: Problem[] }>;
}

/** What a folder holds for the images of a dataset. */
export interface FoundMasks {
  masks: IncomingMask[];
  /** Files that belong to no image, and the like. */
  problems: Problem[];
}

/** The refusal of a folder that holds nothing of a format. */
export function nothingFound(folder: string, what: string): PerchError {
  return new PerchError('NOT_FOUND', `There is nothing to import in ${folder}: ${what}`);
}
