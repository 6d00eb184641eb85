import { imageFormats, type ImageFormat } from '../../common/file-formats.ts';

/** The supported variants of a format. Each member is an item of a list in docs/formats.md. */
interface FormatRow {
  /** Variants of the file format, including compressions. */
  variants: string;
  bits: string;
  channels: string;
  alpha: string;
  pages: string;
  orientation: string;
  profile: string;
  /** What is rejected with a reason. */
  rejected: string;
}

/** Supported image files. A test compares the table with docs/formats.md. */
export const imageTable: Record<ImageFormat, FormatRow> = {
  PNG: {
    variants: 'plain, interlaced',
    bits: '1, 2, 4, 8, 16',
    channels: 'gray, RGB, palette',
    alpha: 'alpha channel, `tRNS`',
    pages: '1; only the first frame of an animation, with a note',
    orientation: 'EXIF',
    profile: 'ICC to sRGB',
    rejected: 'damaged or truncated',
  },
  JPEG: {
    variants: 'baseline, progressive',
    bits: '8',
    channels: 'gray, RGB, CMYK',
    alpha: 'none',
    pages: '1',
    orientation: 'EXIF',
    profile: 'ICC to sRGB; CMYK without a profile is converted with ideal inks, with a note',
    rejected: 'truncated; 12 bits',
  },
  TIFF: {
    variants:
      'TIFF and BigTIFF, either byte order; strips, tiles, planes; uncompressed, deflate, LZW, PackBits, CCITT, JPEG',
    bits: '1, 2, 4, 8, 16 unsigned',
    channels: 'gray, RGB, CMYK, palette; further bands are ignored, with a note',
    alpha: 'bands that are declared as alpha',
    pages: 'all, each an image `FILE#N`; ImageJ stacks; thumbnails are ignored, with a note',
    orientation: 'tag 274',
    profile: 'ICC to sRGB',
    rejected:
      'floating point, signed and 32-bit samples; packed 10 and 12 bits; CIELab; LZMA, ZSTD and LERC; more than 10 000 pages; more than 16 bands; separate planes in tiles; missing, truncated or damaged strips and tiles',
  },
  BMP: {
    variants: 'OS/2 1.x and 2.x, Windows 3 to 5; bottom-up and top-down; uncompressed, RLE4, RLE8, bit masks',
    bits: '1, 4, 8, 16, 24, 32 per pixel',
    channels: 'gray, RGB, palette',
    alpha: 'if a bit mask declares it; the fourth byte of other 32-bit pixels is ignored',
    pages: '1',
    orientation: 'none',
    profile: 'not applied, with a note',
    rejected: 'embedded JPEG or PNG; other bit counts or compressions; truncated; colors beyond the palette',
  },
  WebP: {
    variants: 'lossy, lossless',
    bits: '8',
    channels: 'RGB',
    alpha: 'alpha channel',
    pages: '1; only the first frame of an animation, with a note',
    orientation: 'EXIF',
    profile: 'ICC to sRGB',
    rejected: 'damaged or truncated',
  },
  Netpbm: {
    variants: 'PBM, PGM, PPM, text and binary (P1 to P6)',
    bits: '1 to 16; the maximum in the header is white',
    channels: 'gray, RGB',
    alpha: 'none',
    pages: 'only the first image, with a note',
    orientation: 'none',
    profile: 'none',
    rejected: 'PAM (P7); truncated; values above the maximum',
  },
};

/** Supported anomaly maps. */
export const mapTable: Record<'NPY' | 'TIFF' | 'PNG', { numbers: string; shape: string; rejected: string }> =
  {
    NPY: {
      numbers:
        'float16, float32, float64, int8 to int64, uint8 to uint64, bool; either byte order; C and Fortran order',
      shape: 'H x W; leading and trailing axes of length 1 are dropped',
      rejected:
        'NaN and infinity, with their position; ambiguous shapes; structured, complex and object arrays',
    },
    TIFF: {
      numbers:
        'float16, float32, float64, int8 to int32, uint8 to uint32; float32, uint8 and uint16 in any compression, the others uncompressed or deflated',
      shape: 'one band, one page; strips and tiles',
      rejected: 'NaN and infinity, with their position; several bands or pages; truncated or damaged',
    },
    PNG: { numbers: '8 and 16 bits, unscaled', shape: 'gray', rejected: 'color, alpha' },
  };

const COLUMNS: Record<keyof FormatRow, string> = {
  variants: 'variants',
  bits: 'bits per sample',
  channels: 'channels',
  alpha: 'transparency',
  pages: 'pages',
  orientation: 'orientation',
  profile: 'color profile',
  rejected: 'rejected',
};

/** The table of images as Markdown, with a list per format. */
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

/** The table of maps as Markdown. */
export function mapTableText(): string {
  return Object.entries(mapTable)
    .map(
      ([format, { numbers, shape, rejected }]) =>
        `### ${format}\n\n- numbers: ${numbers}\n- shape: ${shape}\n- rejected: ${rejected}\n`,
    )
    .join('\n');
}
