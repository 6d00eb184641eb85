import { openRegular } from '../../../files/read.ts';
import { type Reader, tiffEnd } from './tiff-end.ts';

/** Whether a file is whole by its format: `unknown` if the format does not say. */
export type FileEnd = 'whole' | 'incomplete' | 'unknown';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');

/**
 * Whether an image file has its end: a program may write it slowly, or copy it over a network. Reads a few bytes.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function fileEnd(path: string): Promise<FileEnd> {
  await using file = await openRegular(path);
  const { size } = await file.stat();
  if (size === 0) return 'incomplete';
  const read: Reader = async (position, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
  const head = await read(0, Math.min(size, 512));
  const end = await endOf(head, size, read);
  return end === undefined ? 'unknown' : end <= size ? 'whole' : 'incomplete';
}

/** The smallest size that the file can have when it is whole; undefined if its format does not say. */
async function endOf(head: Buffer, size: number, read: Reader): Promise<number | undefined> {
  const tail = async (length: number) => await read(Math.max(0, size - length), length);
  if (head.subarray(0, PNG.length).equals(PNG))
    return (await tail(PNG_END.length)).equals(PNG_END) ? size : Infinity;
  const magic = head.toString('latin1', 0, 4);
  if (head[0] === 0xff && head[1] === 0xd8)
    return (await tail(2)).equals(Buffer.from([0xff, 0xd9])) ? size : Infinity;
  if (magic === 'RIFF' && head.length >= 8) return head.readUInt32LE(4) + 8;
  if (magic.startsWith('BM') && head.length >= 6) return head.readUInt32LE(2) || undefined;
  if (magic === 'II*\0' || magic === 'MM\0*') return await tiffEnd(head, read);
  return netpbmEnd(head);
}

/** A binary Netpbm file has a header of text: `P6 640 480 255`. A bitmap, P4, has no largest value. */
function netpbmEnd(head: Buffer): number | undefined {
  const text = head.toString('latin1').replaceAll(/#[^\n]*\n/g, (comment) => ' '.repeat(comment.length));
  const bitmap = /^P4\s+(\d+)\s+(\d+)\s/.exec(text);
  if (bitmap) return bitmap[0].length + Math.ceil(Number(bitmap[1]) / 8) * Number(bitmap[2]);
  const found = /^P([56])\s+(\d+)\s+(\d+)\s+(\d+)\s/.exec(text);
  if (!found) return undefined;
  const [header, kind, width, height, max] = found;
  const bytes = Number(max) > 255 ? 2 : 1;
  return header.length + Number(width) * Number(height) * (kind === '6' ? 3 : 1) * bytes;
}
