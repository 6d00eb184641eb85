import { imageFormats, type ImageFormat } from '../../common/file-formats.ts';

/** What is read of a format. Each member is a cell of the tables in docs/formats.md. */
interface FormatRow {
  /** Kinds of files, compressions among them. */
  kinds: string;
  bits: string;
  channels: string;
  alpha: string;
  pages: string;
  orientation: string;
  profile: string;
  /** What is refused, with a reason. */
  refused: string;
}

/** What is read as an image. The readers and their tests hold to it; docs/formats.md is made of it. */
export const imageTable: Record<ImageFormat, FormatRow> = {
  PNG: {
    kinds: 'plain, interlaced',
    bits: '1, 2, 4, 8, 16',
    channels: 'gray, RGB, palette',
    alpha: 'alpha channel, `tRNS`',
    pages: '1; of an animation the first frame, with a note',
    orientation: 'EXIF',
    profile: 'ICC to sRGB',
    refused: 'damaged or cut off',
  },
  JPEG: {
    kinds: 'baseline, progressive',
    bits: '8',
    channels: 'gray, RGB, CMYK',
    alpha: 'none',
    pages: '1',
    orientation: 'EXIF',
    profile: 'ICC to sRGB; CMYK without one is read as ideal inks, with a note',
    refused: 'cut off; 12 bits',
  },
  TIFF: {
    kinds:
      'TIFF and BigTIFF, either byte order; strips, tiles, planes; uncompressed, deflate, LZW, PackBits, CCITT, JPEG',
    bits: '1, 2, 4, 8, 16 unsigned',
    channels: 'gray, RGB, CMYK, palette; other bands are ignored, with a note',
    alpha: 'bands that are declared as alpha',
    pages: 'all, each an image `FILE#N`; also ImageJ stacks; thumbnails are left out, with a note',
    orientation: 'tag 274',
    profile: 'ICC to sRGB',
    refused:
      'floating point, signed and 32-bit samples, 10 and 12 bits packed; CIELab; LZMA, ZSTD and LERC; more than 10 000 pages; more than 16 bands; separate planes in tiles; missing, cut off or damaged strips and tiles',
  },
  BMP: {
    kinds: 'OS/2 1.x and 2.x, Windows 3 to 5; bottom-up and top-down; uncompressed, RLE4, RLE8, bit masks',
    bits: '1, 4, 8, 16, 24, 32 a pixel',
    channels: 'gray, RGB, palette',
    alpha: 'where a bit mask declares it; the fourth byte of plain 32-bit pixels is ignored',
    pages: '1',
    orientation: 'none',
    profile: 'none; one in the file is not applied, with a note',
    refused: 'JPEG or PNG inside, other bits or compressions; cut off; colors beyond the palette',
  },
  WebP: {
    kinds: 'lossy, lossless',
    bits: '8',
    channels: 'RGB',
    alpha: 'alpha channel',
    pages: '1; of an animation the first frame, with a note',
    orientation: 'EXIF',
    profile: 'ICC to sRGB',
    refused: 'damaged or cut off',
  },
  Netpbm: {
    kinds: 'PBM, PGM, PPM, text and binary (P1 to P6)',
    bits: '1 to 16; the maximum in the header is white',
    channels: 'gray, RGB',
    alpha: 'none',
    pages: 'the first picture; further ones are left out, with a note',
    orientation: 'none',
    profile: 'none',
    refused: 'PAM (P7); cut off; values above the maximum',
  },
};

/** What is read as an anomaly map. */
export const mapTable: Record<'NPY' | 'TIFF' | 'PNG', { numbers: string; shape: string; refused: string }> = {
  NPY: {
    numbers:
      'float16, float32, float64, int8 to int64, uint8 to uint64, bool; either byte order; C and Fortran order',
    shape: 'H x W, with axes of length 1 before or behind',
    refused:
      'NaN and infinity, with their place; shapes that may be read in two ways; structured, complex and object arrays',
  },
  TIFF: {
    numbers:
      'float16, float32, float64, int8 to int32, uint8 to uint32; float32, uint8 and uint16 in any compression, the others plain or deflated',
    shape: 'one band, one page; strips and tiles',
    refused: 'NaN and infinity, with their place; several bands or pages; cut off or damaged',
  },
  PNG: { numbers: '8 and 16 bits, as they are', shape: 'gray', refused: 'color, alpha' },
};

const COLUMNS: Record<keyof FormatRow, string> = {
  kinds: 'kinds',
  bits: 'bits a sample',
  channels: 'channels',
  alpha: 'transparency',
  pages: 'pages',
  orientation: 'orientation',
  profile: 'color profile',
  refused: 'refused',
};

/** The table of images in Markdown: a column a format would be too wide, so each format is a list. */
export function imageTableText(): string {
  return Object.entries(imageTable)
    .map(([format, row]) => {
      const extensions = imageFormats[format as ImageFormat]
        .map((extension) => `\`${extension}\``)
        .join(', ');
      const cells = Object.entries(COLUMNS).map(
        ([key, title]) => `- ${title}: ${row[key as keyof FormatRow]}`,
      );
      return `### ${format}\n\n- extensions: ${extensions}\n${cells.join('\n')}\n`;
    })
    .join('\n');
}

/** The table of maps in Markdown. */
export function mapTableText(): string {
  return Object.entries(mapTable)
    .map(
      ([format, { numbers, shape, refused }]) =>
        `### ${format}\n\n- numbers: ${numbers}\n- shape: ${shape}\n- refused: ${refused}\n`,
    )
    .join('\n');
}
