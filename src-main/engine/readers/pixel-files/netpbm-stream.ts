import { netpbmRows } from '../netpbm.ts';
import { assertComplete, decodeRows } from './row-stream.ts';
import type { OpenedStream } from './stored-image.ts';

/** @param head the start of the file; @param size bytes of the file; @throws DecodeError */
export function openNetpbmStream(file: string, head: Buffer, size: number): OpenedStream {
  const image = netpbmRows(head);
  const { width, height, channels, depth, isText, isWhiteDeclared, start, rowBytes } = image;
  const rows = { ...image, file, topDown: true };
  if (!isText) assertComplete(rows, size);
  const isLonger = size - start > rowBytes * height + 1;
  return {
    width,
    height,
    depth,
    isWhiteDeclared,
    pages: 1,
    orientation: 1,
    colors: channels === 1 ? 'gray' : 'rgb',
    hasAlpha: false,
    isWideProfile: false,
    notes:
      !isText && isLonger ? [{ kind: 'pages', message: 'Only the first image of the file is read.' }] : [],
    ...(isText && { whole: 'a Netpbm file of text' }),
    decode: (to, _, work) => decodeRows(rows, to, work),
  };
}
