import type { ReadingNote } from '../../../common/api/reading-notes.ts';
import type { Size } from '../../../common/geometry.ts';
import type { PixelSize } from '../../../common/scale.ts';
import type { Frame } from '../pixel-source.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import type { UsedRange } from '../../protocol/data-types.ts';

/** How samples lie in a file: row by row, interleaved, in the byte order of this computer. */
export interface SampleLayout extends Size {
  depth: 8 | 16;
  /** Samples per pixel in the file: colors, alpha if there is one, and bands that are not used. */
  bands: number;
  /** Offset of the first sample. */
  offset: number;
}

/** What the samples of a file mean. */
export interface SampleMeaning {
  colors: 'gray' | 'rgb' | 'cmyk';
  hasAlpha: boolean;
  /** Whether alpha is 0 everywhere and is therefore not applied. */
  isClear: boolean;
  /** EXIF orientation that remains to be applied. */
  orientation: number;
  /** The range of 16-bit samples that do not declare which value is white. */
  used?: UsedRange | undefined;
  /** Gray color profile that remains to be applied, as base64. */
  grayProfile?: string | undefined;
}

/** An image whose samples are in a file. */
export interface StoredImage extends SampleLayout, SampleMeaning {
  /** Whether its 16-bit samples span all bits already. */
  isFinished?: boolean | undefined;
  notes: ReadingNote[];
  resolution?: PixelSize | undefined;
  /** If it is a roll, its frames, whose samples follow each other in the file. */
  roll?: { direction: RollDirection; frames: Frame[] } | undefined;
}

/** Progress and cancellation of work on a large file. */
export interface Work {
  signal?: AbortSignal | undefined;
  /** Receives the completed fraction. */
  report?: ((fraction: number) => void) | undefined;
}

/** An image file whose pixels can be decoded piece by piece. The size is the stored one, before its orientation is applied. */
export interface OpenedStream extends Size, Omit<SampleMeaning, 'isClear' | 'used'> {
  depth: 8 | 16;
  /** Number of images in the file. */
  pages: number;
  notes: ReadingNote[];
  resolution?: PixelSize | undefined;
  /** Whether its 16-bit samples declare which value is white. */
  isWhiteDeclared: boolean;
  /** Whether it has 16-bit colors with a color profile, which is applied if all 16 bits are in use. */
  isWideProfile: boolean;
  /** Why its decoder needs the whole image in memory, as a noun phrase; absent if it does not. */
  whole?: string;
  /**
   * Decodes it to a new file.
   *
   * @param applyProfile whether to apply the color profile if `isWideProfile`
   */
  decode(to: string, applyProfile: boolean, work: Work): Promise<SampleLayout>;
}
