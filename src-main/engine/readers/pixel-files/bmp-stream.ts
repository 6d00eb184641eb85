import { bmpRows } from '../bmp.ts';
import { readResolution } from '../resolution.ts';
import { assertComplete, decodeRows } from './row-stream.ts';
import type { OpenedStream } from './stored-image.ts';

/** @param head the start of the file; @param size bytes of the file; @throws DecodeError */
export function openBmpStream(file: string, head: Buffer, size: number): OpenedStream {
  const image = bmpRows(head, size);
  const { width, height, channels, depth, notes, isRunLength } = image;
  const resolution = readResolution(head);
  const rows = { ...image, file };
  // A row is padded by at most three bytes.
  if (!isRunLength) assertComplete(rows, size, 3);
  return {
    width,
    height,
    depth,
    notes,
    pages: 1,
    orientation: 1,
    colors: channels === 1 ? 'gray' : 'rgb',
    hasAlpha: channels === 4,
    isWhiteDeclared: false,
    isWideProfile: false,
    ...(resolution && { resolution }),
    ...(isRunLength && { whole: 'a BMP with run-length encoding' }),
    decode: (to, _, work) => decodeRows(rows, to, work),
  };
}
