import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openImage } from '../open-image.ts';
import { fixture } from '../test/fixtures.ts';
import { TiffFile } from './tiff-file.ts';

/** Files with one page and no thumbnail. */
const names = readdirSync(fixture('.')).filter((name) => {
  if (!name.endsWith('.tif')) return false;
  const { pages, skippedDirectories } = new TiffFile(readFileSync(fixture(name)));
  return pages === 1 && skippedDirectories === 0;
});

/** The file with a copy of its first directory at its end, as page 2, followed by `more` unused bytes. */
function twice(bytes: Buffer<ArrayBuffer>, more = 0): Buffer<ArrayBuffer> {
  const isLittle = bytes[0] === 0x49;
  const isBig = (isLittle ? bytes.readUInt16LE(2) : bytes.readUInt16BE(2)) === 43;
  const get = (at: number) => {
    if (isBig) return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  };
  const first = get(isBig ? 8 : 4);
  const count = isBig ? get(first) : isLittle ? bytes.readUInt16LE(first) : bytes.readUInt16BE(first);
  const next = first + (isBig ? 8 + 20 * count : 2 + 12 * count);
  const directory = Buffer.from(bytes.subarray(first, next + (isBig ? 8 : 4)));
  directory.fill(0, next - first);
  const at = bytes.length + (bytes.length % 2);
  const file = Buffer.alloc(at + directory.length + more);
  bytes.copy(file);
  directory.copy(file, at);
  if (isBig && isLittle) file.writeBigUInt64LE(BigInt(at), next);
  else if (isBig) file.writeBigUInt64BE(BigInt(at), next);
  else if (isLittle) file.writeUInt32LE(at, next);
  else file.writeUInt32BE(at, next);
  return file;
}

const pixelsOf = async (path: string, bytes: Buffer<ArrayBuffer>) =>
  (await openImage(path, bytes, { maxPixels: 1e6 })).pixels.raw().toBuffer();

describe('a page of a TIFF file', () => {
  it.each(names)('of %s is the same in a file of several pages', async (name) => {
    const bytes = readFileSync(fixture(name));
    const alone = await pixelsOf(name, bytes).catch((thrown: unknown) => String(thrown));
    const among = await pixelsOf(`${name}#2`, twice(bytes)).catch((thrown: unknown) => String(thrown));
    expect(typeof among).toBe(typeof alone);
    if (typeof alone !== 'string') expect(among).toEqual(alone);
  });

  it('is extracted without the other pages', () => {
    const file = new TiffFile(twice(readFileSync(fixture('gray.tif')), 1e6));
    expect([1, 2].map((page) => file.extractPage(page).length < 1e5)).toEqual([true, true]);
  });

  it('is rejected in a file of more than 10 000 pages', () => {
    const page = readFileSync(fixture('gray.tif'));
    const first = page.readUInt32LE(4);
    const bytes = 2 + 12 * page.readUInt16LE(first) + 4;
    const of = (count: number) => {
      const file = Buffer.alloc(page.length + (count - 1) * bytes);
      page.copy(file);
      let last = first;
      for (let at = page.length; at < file.length; at += bytes) {
        page.copy(file, at, first, first + bytes);
        file.writeUInt32LE(at, last + bytes - 4);
        last = at;
      }
      return file;
    };
    expect(new TiffFile(of(10_000)).pages).toBe(10_000);
    expect(() => new TiffFile(of(10_001))).toThrow('it has more than 10,000 pages. Split it');
  });

  it('is found quickly among thousands', () => {
    const bytes = twice(readFileSync(fixture('gray.tif')));
    expect(TiffFile.of(bytes)).toBe(TiffFile.of(bytes));
  });
});
