import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { Crop, Size } from '../../common/geometry.ts';
import type { PixelSize } from '../../common/scale.ts';
import type { UsedRange } from '../protocol/data-types.ts';

/** Decoded pixels of a rectangle, interleaved, gray or RGB. */
export interface PixelBlock extends Size {
  /** `height` x `width` x `channels`; 0 is black, 255 or 65535 is white. */
  data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  channels: 1 | 3;
}

/** A file of a stacked image. */
export interface Frame {
  /** File name. */
  name: string;
  sha256: string;
  /** Position of its first row, or of its first column if frames are stacked to the right. */
  offset: number;
  /** Number of its rows or columns. */
  length: number;
}

/**
 * An image of any size whose rectangles can be read in any order. Its pixels are those of `decodeImage`: oriented, opaque, in sRGB,
 * spanning the full range of `depth`. Reading needs memory for the rectangle only.
 */
export interface PixelSource extends Size {
  channels: 1 | 3;
  /** Bits per channel: 8 if `data` is a `Uint8Array`, 16 if it is a `Uint16Array`. */
  depth: 8 | 16;
  /** SHA-256 of the file, or of the list of the frames' checksums. */
  sha256: string;
  /** Millimeters per pixel, as the file declares them. */
  resolution?: PixelSize;
  /** What the reader ignored, guessed or changed. */
  notes: ReadingNote[];
  /** One for a file; the files of a folder in order. */
  frames: Frame[];
  /** The range of its values, if it has 16 bits and does not declare which value is white. */
  used?: UsedRange;
  /**
   * Reads a rectangle inside the image. Several reads may be in flight.
   *
   * @throws PerchError `NOT_READABLE`; RangeError if the rectangle is not inside the image
   */
  read(rectangle: Crop): Promise<PixelBlock>;
  close(): Promise<void>;
}

/** @throws RangeError if a rectangle is empty or not inside the image */
export function assertInside({ left, top, width, height }: Crop, image: Size): void {
  const isInside =
    width > 0 &&
    height > 0 &&
    left >= 0 &&
    top >= 0 &&
    left + width <= image.width &&
    top + height <= image.height;
  if (isInside && [left, top, width, height].every(Number.isInteger)) return;
  throw new RangeError(
    `${width} x ${height} pixels at ${left}, ${top} are not inside an image of ${image.width} x ${image.height} pixels.`,
  );
}
