/** Reads bytes of a file; fewer than asked for at its end. */
export type Reader = (position: number, length: number) => Promise<Buffer>;

/** Tags of the places and lengths of a page's strips or tiles. */
const OFFSETS = new Set([273, 324]);
const COUNTS = new Set([279, 325]);

/** Bytes of a value by its type, from BYTE to DOUBLE. */
const TYPE_BYTES: readonly (number | undefined)[] = [undefined, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Larger lists are not read. */
const MAX_STRIPS = 100_000;

/** Where the last strip, tile or directory of a TIFF file ends; Infinity if its directory is not written yet. */
export async function tiffEnd(head: Buffer, read: Reader): Promise<number | undefined> {
  const isLittle = head[0] === 0x49;
  const number = (bytes: Buffer, at: number, width: number) =>
    isLittle ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width);
  if (head.length < 8) return Infinity;
  const start = number(head, 4, 4);
  const count = await read(start, 2);
  if (start < 8 || count.length < 2) return Infinity;
  const entries = number(count, 0, 2);
  const directory = await read(start + 2, 12 * entries + 4);
  if (directory.length < 12 * entries + 4) return Infinity;
  let end = start + 2 + directory.length;
  let [offsets, lengths]: number[][] = [[], []];
  for (let at = 0; at < 12 * entries; at += 12) {
    const tag = number(directory, at, 2);
    const width = TYPE_BYTES[number(directory, at + 2, 2)];
    const values = number(directory, at + 4, 4);
    if (width === undefined) return undefined;
    const isInside = width * values <= 4;
    const place = number(directory, at + 8, 4);
    if (!isInside) end = Math.max(end, place + width * values);
    if (!OFFSETS.has(tag) && !COUNTS.has(tag)) continue;
    if (values > MAX_STRIPS) return undefined;
    const list = isInside ? directory.subarray(at + 8, at + 12) : await read(place, width * values);
    if (list.length < width * values) return Infinity;
    const numbers = Array.from({ length: values }, (_, each) => number(list, each * width, width));
    if (OFFSETS.has(tag)) offsets = numbers;
    else lengths = numbers;
  }
  return offsets.reduce((last, offset, each) => Math.max(last, offset + (lengths[each] ?? 0)), end);
}
