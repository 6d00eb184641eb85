import type { PixelSize } from '../../../common/scale.ts';

/** A strip or tile: its bytes in the file, and its pixels in the image. */
export interface Chunk {
  offset: number;
  bytes: number;
  /** Top left corner and size in pixels. Strips end at the edge of the image; tiles may extend beyond it. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Index of its band if bands are stored separately; otherwise 0. */
  plane: number;
}

/** The fields of one directory that readers need. */
export interface TiffPage {
  width: number;
  height: number;
  bits: number;
  /** `SampleFormat`, the same for all bands. */
  format: number;
  compression: number;
  predictor: number;
  photometric: number;
  bands: number;
  /** Whether the first band after the color bands is declared as alpha. */
  hasAlpha: boolean;
  /** Bands that are neither color bands nor that alpha band. */
  extraBands: number;
  isPlanar: boolean;
  isTiled: boolean;
  isLittleEndian: boolean;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  resolution?: PixelSize;
  /** Number of slices if an ImageJ stack has one directory; otherwise 1. */
  slices: number;
  chunks: Chunk[];
}
