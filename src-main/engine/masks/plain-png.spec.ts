import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openPlainPng } from './plain-png.ts';

const chunk = (name: string, content: Uint8Array): Buffer => {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(name, 'latin1'), content, Buffer.alloc(4)]);
  bytes.writeUInt32BE(content.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
};

/** A PNG with these bytes as its filtered lines; any bytes are the differences of some image. */
function pngOf(
  width: number,
  lines: readonly { filter: number; bytes: Uint8Array }[],
  more: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(lines.length, 4);
  header[8] = 8;
  const packed = deflateSync(Buffer.concat(lines.flatMap(({ filter, bytes }) => [Buffer.of(filter), bytes])));
  const half = Math.floor(packed.length / 2);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...more,
    ...[packed.subarray(0, half), packed.subarray(half)].map((part) => chunk('IDAT', part)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const image = fc.integer({ min: 1, max: 40 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    lines: fc.array(
      fc.record({
        filter: fc.integer({ min: 0, max: 4 }),
        bytes: fc.uint8Array({ minLength: width, maxLength: width }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
);

const decoded = (png: Buffer) => sharp(png).toColourspace('b-w').raw().toBuffer();
const bytesOf = (png: Buffer) => Buffer.from(png) as Buffer<ArrayBuffer>;

it('reads the same pixels as libvips, with all filters', async () => {
  await fc.assert(
    fc.asyncProperty(image, async ({ width, lines }) => {
      const png = pngOf(width, lines);
      const plain = openPlainPng(bytesOf(png));
      expect(plain).toMatchObject({ width, height: lines.length });
      expect(Buffer.from((await plain?.read()) ?? [])).toEqual(await decoded(png));
    }),
    { numRuns: 200 },
  );
});

it('reads masks as libvips and others write them', async () => {
  const pixels = Uint8Array.from({ length: 300 * 200 }, (_, at) => ((at * at) % 7 === 0 ? 255 : 0));
  const raw = sharp(pixels, { raw: { width: 300, height: 200, channels: 1 } }).toColourspace('b-w');
  for (const adaptiveFiltering of [false, true]) {
    const png = await raw.clone().png({ adaptiveFiltering }).toBuffer();
    expect(Buffer.from((await openPlainPng(bytesOf(png))?.read()) ?? [])).toEqual(Buffer.from(pixels));
  }
});

const lines = [{ filter: 0, bytes: Buffer.of(0, 255) }];

it.each([
  ['transparency', pngOf(2, lines, [chunk('tRNS', Buffer.of(0, 255))])],
  ['an orientation', pngOf(2, lines, [chunk('eXIf', Buffer.from('MM\0*\0\0\0\b'))])],
  ['several frames', pngOf(2, lines, [chunk('acTL', Buffer.alloc(8))])],
  ['a cut end', pngOf(2, lines).subarray(0, -1)],
  ['a wrong checksum', Buffer.from(pngOf(2, lines)).fill(1, 41, 42)],
])('leaves a file with %s to libvips', (_, png) => {
  expect(openPlainPng(bytesOf(png))).toBeUndefined();
});

it.each([
  ['too many pixels', pngOf(2, [...lines, ...lines])],
  ['too few pixels', pngOf(2, [])],
  ['an unknown filter', pngOf(2, [{ filter: 5, bytes: Buffer.of(0, 255) }])],
])('reads nothing from a file with %s', async (_, png) => {
  const header = png.subarray(12, 29);
  header.writeUInt32BE(1, 8);
  png.writeUInt32BE(crc32(header), 29);
  expect(await openPlainPng(bytesOf(png))?.read()).toBeUndefined();
  expect(openPlainPng(bytesOf(png))).toBeDefined();
});

it('leaves files of other kinds to libvips', async () => {
  const gray = sharp(Uint8Array.of(0, 255), { raw: { width: 2, height: 1, channels: 1 } });
  const files = [
    gray.clone().toColourspace('srgb').png(),
    gray.clone().toColourspace('grey16').png(),
    gray.clone().toColourspace('b-w').png({ progressive: true }),
    gray.clone().png({ palette: true }),
    gray.clone().jpeg(),
  ];
  for (const file of files) expect(openPlainPng(bytesOf(await file.toBuffer()))).toBeUndefined();
  expect(openPlainPng(bytesOf(Buffer.alloc(0)))).toBeUndefined();
});
