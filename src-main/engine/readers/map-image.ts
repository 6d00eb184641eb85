import sharp, { type Sharp } from 'sharp';
import { DecodeError } from './decode-error.ts';
import { readTiffNumbers } from './tiff/read-numbers.ts';
import { DEFLATE, FLOAT, UNCOMPRESSED } from './tiff/tags.ts';
import { failOnFor, isTiff, TiffFile } from './tiff/tiff-file.ts';

/** A map in the precision of its file. */
export interface PreciseMap {
  /** Row-major; float64 if float32 cannot represent the file's numbers. */
  values: Float32Array | Float64Array;
  height: number;
  width: number;
}

/** The size of a map, and whether its numbers exceed the precision of float32. */
export interface MapHeader {
  width: number;
  height: number;
  isPrecise: boolean;
}

/** A map that is a TIFF or PNG file. Its header has been read. */
export interface MapImage extends MapHeader {
  read(): Promise<PreciseMap>;
}

/** Opens an image of one channel as a map. @throws DecodeError or an error of libvips, also from `read` */
export function openMapImage(bytes: Buffer): Promise<MapImage> {
  return isTiff(bytes) ? openTiff(bytes) : openPng(bytes);
}

async function openTiff(bytes: Buffer): Promise<MapImage> {
  const file = new TiffFile(bytes);
  if (file.pages > 1) throw new DecodeError(`it has ${file.pages} pages, but a map has one`);
  const page = file.page(1);
  const { width, height, bands, bits, format, compression } = page;
  if (bands !== 1) throw new DecodeError(`it has ${bands} channels, but a map has one`);
  if (compression === UNCOMPRESSED || DEFLATE.has(compression)) {
    const isPrecise = bits > (format === FLOAT ? 32 : 16);
    const read = async (): Promise<PreciseMap> => {
      const { values } = await readTiffNumbers(file, 1);
      return { values: isPrecise ? values : Float32Array.from(values), width, height };
    };
    return { width, height, isPrecise, read };
  }
  const kind = `${format}-${bits}`;
  if (![`${FLOAT}-32`, '1-16', '1-8'].includes(kind))
    throw new DecodeError(
      'its compression is not supported for numbers of this type. Save it uncompressed or deflated',
    );
  return {
    width,
    height,
    isPrecise: false,
    read: async () => {
      await file.verify(1);
      return decodeMap(
        sharp(bytes, { limitInputPixels: false, failOn: failOnFor(page), ignoreIcc: true }),
        kind,
      );
    },
  };
}

async function openPng(bytes: Buffer): Promise<MapImage> {
  if (bytes.length === 0) throw new DecodeError('it is empty');
  const image = sharp(bytes, { limitInputPixels: false, failOn: 'error', ignoreIcc: true });
  const { format, channels, depth, width, height } = await image.metadata();
  if (format !== 'png')
    throw new DecodeError(`it is a ${format.toUpperCase()} file. Save it as NPY, TIFF or gray PNG`);
  if (channels !== 1) throw new DecodeError(`it has ${channels} channels, but a map has one`);
  const isWide = depth === 'ushort';
  return {
    width,
    height,
    isPrecise: false,
    read: () => decodeMap(image, isWide ? '1-16' : '1-8'),
  };
}

/** Decodes the single channel of an image with libvips. @param kind TIFF's sample format and bits, as `3-32` */
async function decodeMap(image: Sharp, kind: string): Promise<PreciseMap> {
  const isWide = kind === '1-16';
  const isFloat = kind === `${FLOAT}-32`;
  const { data, info } = await image
    .toColourspace(isWide ? 'grey16' : 'b-w')
    .raw({ depth: isFloat ? 'float' : isWide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const body = new Uint8Array(data);
  const values = isFloat
    ? new Float32Array(body.buffer)
    : Float32Array.from(isWide ? new Uint16Array(body.buffer) : body);
  return { values, width: info.width, height: info.height };
}
