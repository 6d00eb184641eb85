import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { expected, fixture } from './test/fixtures.ts';

const LIMITS = { maxPixels: 1e6 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-readers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The largest difference between a decoded and an expected image, in 8-bit steps. Gray is expected in all planes. */
async function difference(name: string, of: 'color' | 'gray' | 'palette' | 'bits'): Promise<number> {
  const { values, width, height } = await decodeImage(fixture(name), LIMITS);
  expect([width, height]).toEqual([expected.width, expected.height]);
  const count = width * height;
  const wanted = expected[of];
  let largest = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let i = 0; i < count; i++) {
      const value = wanted.length === count ? wanted[i] : wanted[3 * i + plane];
      largest = Math.max(largest, Math.abs(values[plane * count + i] * 255 - value));
    }
  }
  return largest;
}

const notesOf = async (path: string, options = {}) =>
  (await decodeImage(path, { ...LIMITS, ...options })).notes.map(
    ({ kind, message }) => `${kind}: ${message}`,
  );

describe('files written by other programs', () => {
  it.each([
    'color.png',
    'color-interlaced.png',
    'color-opaque-alpha.png',
    'color-srgb-profile.png',
    'color16.png',
    'color.webp',
    'color.tif',
    'color-big-endian.tif',
    'color-bigtiff.tif',
    'color-deflate-tiles.tif',
    'color-deflate-strips.tif',
    'color-planar.tif',
    'color-lzw.tif',
    'color-packbits.tif',
    'color16.tif',
    'color-opaque-alpha.tif',
    'color.ppm',
    'color-text.ppm',
    'color16.ppm',
    'color24.bmp',
    'color24-gap.bmp',
    'color24-top-down.bmp',
    'netpbm24.bmp',
    'os2-24.bmp',
    'color32-v3.bmp',
    'color32-unused-alpha.bmp',
    'color32-bitfields.bmp',
    'color32-alphabitfields.bmp',
    'color32-v4.bmp',
    'color32-v4-magick.bmp',
    'color32-v5.bmp',
  ])('%s is read without loss', async (name) => {
    expect(await difference(name, 'color')).toBeLessThan(0.01);
    expect(await notesOf(fixture(name))).toEqual([]);
  });

  it.each([
    'gray.png',
    'gray16.png',
    'gray.tif',
    'gray-white-is-zero.tif',
    'gray16.tif',
    'gray16-big-endian.tif',
    'gray.pgm',
    'gray-text.pgm',
    'gray16.pgm',
    'gray.bmp',
    'os2-gray8.bmp',
    'gray-opaque-alpha.png',
    'gray-opaque-alpha.tif',
    'gray16-opaque-alpha.tif',
  ])('%s is gray in all planes', async (name) => {
    expect(await difference(name, 'gray')).toBeLessThan(0.01);
    expect(await notesOf(fixture(name))).toEqual([]);
  });

  it.each([
    'palette.png',
    'palette.tif',
    'palette4.bmp',
    'palette8.bmp',
    'os2-palette4.bmp',
    'palette4-top-down.bmp',
    'palette8-few-colors.bmp',
    'os2-core-palette8.bmp',
    'os2-v2-palette8.bmp',
    'palette-rle8.bmp',
    'palette-rle4.bmp',
    'palette-rle8-magick.bmp',
  ])('%s has the colors of its palette', async (name) => {
    expect(await difference(name, 'palette')).toBeLessThan(0.01);
    expect(await notesOf(fixture(name))).toEqual([]);
  });

  it.each(['bits.png', 'bits.bmp', 'bits-g4.tif', 'bits.pbm', 'bits-text.pbm'])(
    '%s is black and white',
    async (name) => {
      expect(await difference(name, 'bits')).toBe(0);
    },
  );

  it.each([
    ['color.jpg', 'color', 3],
    ['color-progressive.jpe', 'color', 3],
    ['gray.jfif', 'gray', 2],
    ['color-cmyk.jpg', 'color', 3],
    // Five or six bits per channel: half a step of 255 / 31.
    ['color-555.bmp', 'color', 4.2],
    ['color-565.bmp', 'color', 4.2],
    ['color-565-magick.bmp', 'color', 8.3],
    ['color-555-magick.bmp', 'color', 8.3],
    ['color32-10bit.bmp', 'color', 0.2],
    ['gray12.pgm', 'gray', 0.05],
    ['color-jpeg.tif', 'color', 30],
    ['color-lossy.webp', 'color', 40],
  ] as const)('%s is read as precisely as its format stores it', async (name, of, tolerance) => {
    expect(await difference(name, of)).toBeLessThan(tolerance);
  });

  it.each([
    ['png', 2],
    ['png', 4],
    ['tif', 2],
    ['tif', 4],
  ])('reads gray %s of %i bits over the full range', async (format, bits) => {
    const { values, width } = await decodeImage(fixture(`gray${bits}bit.${format}`), LIMITS);
    const steps = 2 ** bits - 1;
    for (let x = 0; x < width; x++) expect(values[x]).toBeCloseTo(((x * 5) % (steps + 1)) / steps, 2);
  });
});

describe('notes of the reader', () => {
  it.each([10, 12, 14])('report a bit depth of %i in 16-bit samples', async (bits) => {
    const name = `gray${bits}in16.tif`;
    expect(await difference(name, 'gray')).toBeLessThan(0.15);
    expect(await notesOf(fixture(name))).toEqual([
      `bit-depth: ${bits} of its 16 bits are in use. It is read as ${bits} bit.`,
    ]);
  });

  it('report a bit depth that was set', async () => {
    const path = fixture('gray10in16.tif');
    const { values: found } = await decodeImage(path, LIMITS);
    const { values: set } = await decodeImage(path, { ...LIMITS, bitDepth: 12 });
    const { values: full } = await decodeImage(path, { ...LIMITS, bitDepth: 16 });
    expect(set[7] / found[7]).toBeCloseTo(1023 / 4095, 3);
    expect(full[7] / found[7]).toBeCloseTo(1023 / 65535, 3);
    expect(await notesOf(path, { bitDepth: 12 })).toEqual([
      'bit-depth: It is read as 12 bit; its values need 10.',
    ]);
    expect(await notesOf(path, { bitDepth: 8 })).toEqual([
      'bit-depth: It is read as 8 bit; its values need 10. Brighter values are clipped to white.',
    ]);
  });

  it.each([
    ['color-and-nir.tif', 'color', 'extra-bands: Ignored band 4 of 4, which is not declared as alpha.'],
    [
      'color-and-two.tif',
      'color',
      'extra-bands: Ignored 2 of 5 bands, which are neither color nor declared as alpha.',
    ],
    [
      'color-and-four.tif',
      'color',
      'extra-bands: Ignored 4 of 7 bands, which are neither color nor declared as alpha.',
    ],
    ['gray-and-one.tif', 'gray', 'extra-bands: Ignored band 2 of 2, which is not declared as alpha.'],
    [
      'color-wholly-transparent.png',
      'color',
      'transparency: Ignored its transparency, because it is fully transparent.',
    ],
    ['imagej-stack.tif', 'gray', 'pages: Only page 1 of 3 is read. Use FILE#2 for the second page.'],
    ['pages.tif', 'gray', 'pages: Only page 1 of 3 is read. Use FILE#2 for the second page.'],
    ['animation.webp', 'color', 'pages: Only frame 1 of 2 is read.'],
    ['animation.png', 'color', 'pages: Only frame 1 of 2 is read.'],
    ['color-orientation6.tif', 'color', 'orientation: Applied EXIF orientation 6.'],
    ['thumbnail-first.tif', 'gray', 'pages: Ignored 1 thumbnail.'],
  ] as const)('report for %s', async (name, of, note) => {
    expect(await difference(name, of)).toBeLessThan(0.01);
    expect(await notesOf(fixture(name))).toEqual([note]);
  });

  it.each([3, 6])('report EXIF orientation %i', async (orientation) => {
    const name = `color-orientation${orientation}.jpg`;
    expect(await difference(name, 'color')).toBeLessThan(3);
    expect(await notesOf(fixture(name))).toEqual([`orientation: Applied EXIF orientation ${orientation}.`]);
  });

  it('report pixels that a run-length code skips', async () => {
    expect(await notesOf(fixture('delta-rle8.bmp'))).toEqual([
      'pixels: Its run-length code skips 378 pixels, which get color 0 of the palette.',
    ]);
  });

  it('report CMYK without a color profile', async () => {
    expect(await notesOf(fixture('color-cmyk.jpg'))).toEqual([
      'profile: It is CMYK without a color profile. It is converted with ideal inks.',
    ]);
  });

  it('report further images in a Netpbm file', async () => {
    const path = join(folder, 'two.pgm');
    const one = await readFile(fixture('gray.pgm'));
    await writeFile(path, Buffer.concat([one, one]));
    expect(await notesOf(path)).toEqual(['pages: Only the first image of the file is read.']);
  });
});

describe('a run-length encoded BMP', () => {
  it('applies position deltas', async () => {
    const { values, width, height } = await decodeImage(fixture('delta-rle8.bmp'), LIMITS);
    const reds = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => Math.round(values[y * width + x] * 255)),
    );
    const drawn = reds.flatMap((row, y) =>
      row.flatMap((red, x) => (red === 0 ? [] : [[x, height - 1 - y, red / 17]])),
    );
    // Three pixels of color 1 from column 4 of the third row from below, one skipped column, three pixels of color 2.
    const row = [4, 5, 6].map((x) => [x, 3, 1]).concat([8, 9, 10].map((x) => [x, 3, 2]));
    expect(drawn).toEqual(row);
  });
});

describe('pages', () => {
  it.each(['pages.tif', 'imagej-stack.tif', 'imagej-truncated.tif'])(
    'of %s are separate images',
    async (name) => {
      const [first, second, third] = await Promise.all(
        [1, 2, 3].map((page) => decodeImage(`${fixture(name)}#${page}`, LIMITS)),
      );
      const { width, height, gray } = expected;
      const at = (image: { values: Float32Array }, i: number) => Math.round(image.values[i] * 255);
      for (let i = 0; i < width * height; i++) {
        const flipped = gray[(height - 1 - Math.floor(i / width)) * width + (i % width)];
        expect([at(first, i), at(second, i), at(third, i)]).toEqual([gray[i], flipped, gray[i] >> 1]);
      }
      expect(second.notes).toEqual([]);
    },
  );

  it('beyond the last one are rejected', async () => {
    await expect(decodeImage(`${fixture('pages.tif')}#4`, LIMITS)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringContaining('it has 3 pages and no page 4'),
    });
  });
});

describe('a gray profile', () => {
  it('has the same effect at 8 and 16 bits', async () => {
    const { values: narrow } = await decodeImage(fixture('gray-linear-profile.png'), LIMITS);
    const { values: wide } = await decodeImage(fixture('gray16-linear-profile.tif'), LIMITS);
    const { values: without } = await decodeImage(fixture('gray.png'), LIMITS);
    for (let i = 0; i < narrow.length; i++) expect(Math.abs(narrow[i] - wide[i])).toBeLessThan(1.5 / 255);
    expect(narrow[0]).toBeGreaterThan(without[0] + 0.1);
  });
});

describe('a damaged file', () => {
  const cut = async (name: string, to: (bytes: Buffer) => Buffer) => {
    const path = join(folder, `damaged-${name}`);
    await writeFile(path, to(await readFile(fixture(name))));
    return path;
  };
  const refused = (path: string, reason: RegExp) =>
    expect(decodeImage(path, LIMITS)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')} .*${reason.source}`)),
    });

  it.each([
    'color.bmp',
    'palette-rle8.bmp',
    'palette-rle4.bmp',
    'palette4.bmp',
    'color32-v5.bmp',
    'gray.pgm',
    'color-text.ppm',
    'bits.pbm',
    'bits-text.pbm',
    'gray16.pgm',
    'color.tif',
    'color-planar.tif',
    'color-lzw.tif',
    'gray16.tif',
    'color.webp',
    'color.png',
    'color.jpg',
  ])('is rejected: truncated %s', async (name) => {
    const path = await cut(name === 'color.bmp' ? 'color24.bmp' : name, (bytes) =>
      bytes.subarray(0, bytes.length * 0.8),
    );
    await refused(path, /damaged|truncated/i);
  });

  it('is rejected: one changed byte in a deflated tile', async () => {
    const path = await cut('color-deflate-tiles.tif', (bytes) => {
      const broken = Buffer.from(bytes);
      broken[bytes.length - 30] ^= 1;
      return broken;
    });
    await refused(path, /tile . of 2 is damaged/);
  });

  it('is rejected: circular list of pages', async () => {
    const path = await cut('color.tif', (bytes) => {
      const broken = Buffer.from(bytes);
      const directory = broken.readUInt32LE(4);
      broken.writeUInt32LE(directory, directory + 2 + 12 * broken.readUInt16LE(directory));
      return broken;
    });
    await refused(path, /circular/);
  });
});

describe('a TIFF with harmless mistakes in its tags', () => {
  /** 4 x 4 gray pixels. */
  const tiff = (tags: number[][]) => {
    const bytes = Buffer.alloc(24 + 2 + 12 * tags.length + 4);
    bytes.write('II*\0', 'latin1');
    bytes.writeUInt32LE(24, 4);
    for (let i = 0; i < 16; i++) bytes[8 + i] = 10 * i;
    bytes.writeUInt16LE(tags.length, 24);
    tags.forEach(([tag, type, count, value], index) => {
      const at = 26 + 12 * index;
      bytes.writeUInt16LE(tag, at);
      bytes.writeUInt16LE(type, at + 2);
      bytes.writeUInt32LE(count, at + 4);
      bytes.writeUInt32LE(value, at + 8);
    });
    return bytes;
  };
  const tags = [
    [256, 3, 1, 4],
    [257, 3, 1, 4],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 3, 1, 4],
    [279, 4, 1, 16],
  ];

  it.each([
    ['in another order', tags.toReversed()],
    ['a text without an end', [...tags, [305, 2, 4, 0x41414141]]],
    ['an unknown one', [...tags, [65_000, 3, 1, 5]]],
  ])('is read: %s', async (name, of) => {
    const path = join(folder, `${name}.tif`);
    await writeFile(path, tiff(of));
    const { values } = await decodeImage(path, LIMITS);
    for (let i = 0; i < 16; i++) expect(Math.round(values[i] * 255)).toBe(10 * i);
  });
});

describe('unsupported files', () => {
  const bmp = async (name: string, change: (bytes: Buffer) => void): Promise<string> => {
    const bytes = await readFile(fixture('palette8-few-colors.bmp'));
    change(bytes);
    const path = join(folder, `${name}.bmp`);
    await writeFile(path, bytes);
    return path;
  };

  it.each([
    ['2 bits per pixel', (bytes: Buffer) => bytes.writeUInt16LE(2, 28), /BMP with 2 bits per pixel/],
    ['99 bits per pixel', (bytes: Buffer) => bytes.writeUInt16LE(99, 28), /BMP with 99 bits per pixel/],
    ['JPEG inside', (bytes: Buffer) => bytes.writeUInt32LE(4, 30), /BMP with an embedded JPEG/],
    ['another compression', (bytes: Buffer) => bytes.writeUInt32LE(26368, 30), /the compression 26368/],
    ['another header', (bytes: Buffer) => bytes.writeUInt32LE(80, 14), /unknown header of 80 bytes/],
    ['pixels in the header', (bytes: Buffer) => bytes.writeUInt32LE(20, 10), /start at byte 20/],
    [
      'a color beyond the palette',
      (bytes: Buffer) => bytes.writeUInt8(77, bytes.readUInt32LE(10)),
      /color 77, but the palette has 16/,
    ],
  ] as const)('BMP: %s', async (name, change, reason) => {
    await expect(decodeImage(await bmp(name, change), LIMITS)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringMatching(reason),
    });
  });

  it.each([
    ['signed.tif', /its samples are signed numbers/],
    ['seventeen-bands.tif', /it has 17 bands, more than the 16 that Perch reads/],
    ['color-planar-tiles.tif', /its bands are stored in separate tiles/],
    ['wide.tif', /it has 32 bits per sample/],
    ['cielab.tif', /its colors are CIELab/],
    ['color.gif', /it is a GIF file\. Perch reads PNG, JPEG, TIFF, BMP, WebP and Netpbm/],
    ['color.pam', /it is a PAM file \(P7\). Save it as PGM or PPM/],
  ])('%s', async (name, reason) => {
    await expect(decodeImage(fixture(name), LIMITS)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringMatching(reason),
    });
  });

  it('floating point TIFF', async () => {
    await expect(decodeImage(fixture('float.tif'), LIMITS)).rejects.toMatchObject({
      message: expect.stringMatching(/32-bit floating point numbers, whose range is unknown/),
    });
  });

  it('an image that is too large is rejected before pixels are allocated', async () => {
    const path = await bmp('huge', (bytes) => bytes.writeInt32LE(2 ** 30, 18));
    await expect(decodeImage(path, LIMITS)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    const line = join(folder, 'line.pgm');
    await writeFile(line, Buffer.concat([Buffer.from('P5\n1 2000000\n255\n'), Buffer.alloc(2_000_000)]));
    await expect(decodeImage(line, { maxPixels: 64e6 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringMatching(/1 x 2000000 pixels\. A side may have at most 1,048,576/),
    });
    const pgm = join(folder, 'huge.pgm');
    await writeFile(pgm, 'P5\n100000 100000\n255\nabc');
    await expect(decodeImage(pgm, LIMITS)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});
