import type { Metadata } from 'sharp';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { TiffBytes } from './tiff/file-bytes.ts';
import type { TiffFile } from './tiff/tiff-file.ts';
import type { TiffPage } from './tiff/tiff-page.ts';

export const CLEAR_NOTE: ReadingNote = {
  kind: 'transparency',
  message: 'Ignored its transparency, because it is fully transparent.',
};

/** What is ignored or changed according to the header of a file that sharp decodes. @param frames number of frames of an animation */
export function formatNotes(metadata: Metadata, tiff: TiffPage | undefined, frames: number): ReadingNote[] {
  const { orientation = 1, channels } = metadata;
  const notes: ReadingNote[] = [];
  if (orientation > 1)
    notes.push({ kind: 'orientation', message: `Applied EXIF orientation ${orientation}.` });
  if (!tiff && frames > 1) notes.push({ kind: 'pages', message: `Only frame 1 of ${frames} is read.` });
  const extraBands = tiff?.extraBands ?? 0;
  if (extraBands > 0) notes.push({ kind: 'extra-bands', message: extraBandsMessage(channels, extraBands) });
  if (isPlainCmyk(metadata))
    notes.push({
      kind: 'profile',
      message: 'It is CMYK without a color profile. It is converted with ideal inks.',
    });
  return notes;
}

/** The pages and thumbnails of a TIFF file that are not read. @param page the page that is named, if any */
export function pageNotes(file: TiffFile<TiffBytes>, page: number | undefined): ReadingNote[] {
  const notes: ReadingNote[] = [];
  if (page === undefined && file.pages > 1)
    notes.push({
      kind: 'pages',
      message: `Only page 1 of ${file.pages} is read. Use FILE#2 for the second page.`,
    });
  const skipped = file.skippedDirectories;
  if (skipped > 0)
    notes.push({ kind: 'pages', message: `Ignored ${skipped} thumbnail${skipped === 1 ? '' : 's'}.` });
  return notes;
}

export function isPlainCmyk({ depth, space, hasProfile, channels }: Metadata): boolean {
  return depth === 'uchar' && space === 'cmyk' && !hasProfile && channels === 4;
}

/** Number of frames of a PNG, from the chunk `acTL`. libpng reads an animated PNG as a still image. */
export function countPngFrames(bytes: Buffer): number {
  for (let at = 8; at + 16 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return bytes.readUInt32BE(at + 8);
    if (type === 'IDAT') break;
  }
  return 1;
}

function extraBandsMessage(bands: number, extra: number): string {
  if (extra === 1) return `Ignored band ${bands} of ${bands}, which is not declared as alpha.`;
  return `Ignored ${extra} of ${bands} bands, which are neither color nor declared as alpha.`;
}

/** @param usedBits the bits that the values need */
export function bitDepthNote(bits: number, usedBits: number): ReadingNote {
  return { kind: 'bit-depth', message: bitDepthMessage(bits, usedBits) };
}

export function ignoredProfileNote(bits: number): ReadingNote {
  return {
    kind: 'profile',
    message: `Its color profile is not applied because it is read as ${bits} bit.`,
  };
}

function bitDepthMessage(bits: number, usedBits: number): string {
  if (bits === usedBits) return `${bits} of its 16 bits are in use. It is read as ${bits} bit.`;
  const message = `It is read as ${bits} bit; its values need ${usedBits}.`;
  return usedBits > bits ? `${message} Brighter values are clipped to white.` : message;
}
