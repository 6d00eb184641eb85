import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../methods/prng.ts';
import { fileEnd } from './file-end.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perch-ends-'))));
afterAll(() => rm(folder, { recursive: true }));

async function endOf(bytes: Buffer): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return await fileEnd(path);
}

const random = mulberry32(1);
const [width, height] = [60, 40];
const values = Uint8Array.from({ length: 3 * width * height }, () => 256 * random());
const image = () => sharp(values, { raw: { width, height, channels: 3 } });
const header = (text: string, bytes: number) => Buffer.concat([Buffer.from(text), Buffer.alloc(bytes, 7)]);

function bmp(): Buffer {
  const bytes = Buffer.alloc(54 + 3 * width * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  return bytes;
}

/** The directory comes before the strips, as some cameras write it. */
function tiffOfCamera(isBig: boolean): Buffer {
  const bytes = Buffer.alloc(300);
  const write = (value: number, at: number, length: number) =>
    isBig ? bytes.writeUIntBE(value, at, length) : bytes.writeUIntLE(value, at, length);
  bytes.write(isBig ? 'MM\0*' : 'II*\0');
  write(8, 4, 4);
  write(2, 8, 2);
  const entry = (index: number, tag: number, value: number) => {
    const at = 10 + 12 * index;
    write(tag, at, 2);
    write(4, at + 2, 2);
    write(1, at + 4, 4);
    write(value, at + 8, 4);
  };
  entry(0, 273, 100);
  entry(1, 279, 200);
  return bytes;
}

const formats: [string, () => Promise<Buffer> | Buffer][] = [
  ['PNG', () => image().png().toBuffer()],
  ['JPEG', () => image().jpeg().toBuffer()],
  ['WebP', () => image().webp().toBuffer()],
  ['TIFF', () => image().tiff({ compression: 'lzw' }).toBuffer()],
  ['TIFF in tiles', () => image().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer()],
  ['TIFF with its directory first', () => tiffOfCamera(false)],
  ['TIFF, big-endian', () => tiffOfCamera(true)],
  ['BMP', bmp],
  ['PGM with a comment', () => header(`P5\n# a camera\n${width} ${height}\n255\n`, width * height)],
  ['PGM of 16 bits', () => header(`P5 ${width} ${height} 4095\n`, 2 * width * height)],
  ['PPM', () => header(`P6 ${width} ${height} 255\n`, 3 * width * height)],
  ['PBM', () => header(`P4 ${width} ${height}\n`, Math.ceil(width / 8) * height)],
];

describe.each(formats)('%s', (_, make) => {
  it('is whole, and none of its beginnings is', async () => {
    const bytes = await make();
    expect(await endOf(bytes)).toBe('whole');
    const lengths = [
      0,
      1,
      8,
      20,
      ...Array.from({ length: 20 }, (__, at) => Math.floor((at * bytes.length) / 20)),
    ];
    for (const length of [...lengths, bytes.length - 1])
      expect([length, await endOf(bytes.subarray(0, length))]).not.toEqual([length, 'whole']);
  });

  it('is whole with bytes after its end, or the format does not say', async () => {
    const end = await endOf(Buffer.concat([await make(), Buffer.alloc(9)]));
    expect(['PNG', 'JPEG'].includes(_) ? 'incomplete' : 'whole').toBe(end);
  });
});

it('of an unknown format is unknown, and of an empty file missing', async () => {
  expect(await endOf(Buffer.from('a text of some length'))).toBe('unknown');
  expect(await endOf(Buffer.alloc(0))).toBe('incomplete');
});
