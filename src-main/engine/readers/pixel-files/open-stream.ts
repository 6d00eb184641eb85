import { splitPage } from '../../../files/paged-path.ts';
import { openRegular } from '../../../files/read.ts';
import { DecodeError, wrapDecodeError } from '../decode-error.ts';
import { assertNotPam, isNetpbm } from '../netpbm.ts';
import { isTiff } from '../tiff/tiff-file.ts';
import { openBmpStream } from './bmp-stream.ts';
import { openNetpbmStream } from './netpbm-stream.ts';
import { openSharpStream, openTiffStream } from './sharp-stream.ts';
import type { OpenedStream } from './stored-image.ts';

/** Bytes that hold the headers of all formats except TIFF, with their resolution. */
const HEAD = 2 ** 18;

/**
 * Reads the header of an image file without its pixels.
 *
 * @param path `FILE#N` for page N of a TIFF file
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE`
 */
export async function openStream(path: string): Promise<OpenedStream> {
  const { file, page } = splitPage(path);
  await using handle = await openRegular(file);
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(HEAD, size)), 0, undefined, 0);
  return await wrapDecodeError(path, open({ file, page, head: buffer.subarray(0, bytesRead), size }));
}

interface FileStart {
  file: string;
  page: number | undefined;
  head: Buffer<ArrayBuffer>;
  size: number;
}

async function open({ file, page, head, size }: FileStart): Promise<OpenedStream> {
  if (size === 0) throw new DecodeError('it is empty');
  if (head.toString('latin1', 0, 2) === 'BM') return openBmpStream(file, head, size);
  assertNotPam(head);
  if (isNetpbm(head)) return openNetpbmStream(file, head, size);
  return isTiff(head) ? openTiffStream(file, page) : openSharpStream(file, head);
}
