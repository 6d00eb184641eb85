import sharp from 'sharp';
import { splitPage } from '../../files/paged-path.ts';
import { readBmp } from './bmp.ts';
import { DecodeError, wrapDecodeError } from './decode-error.ts';
import { type AssertSize, MAX_BANDS, sizeCheck } from './image-limits.ts';
import { isNetpbm, readNetpbm } from './netpbm.ts';
import { SHARP_FORMATS } from './open-image.ts';
import { decodeSamples, type Samples } from './samples.ts';
import { assertSupported } from './tiff/assert-supported.ts';
import { readTiffNumbers, type TiffNumbers } from './tiff/read-numbers.ts';
import { UNSIGNED } from './tiff/tags.ts';
import { failOnFor, isTiff, TiffFile } from './tiff/tiff-file.ts';

/** Samples as stored, including alpha and without color management: the input of the mask reader. */
export interface OpenedSamples {
  width: number;
  height: number;
  /** Whether compression may have altered the values, as in JPEG. */
  isLossy: boolean;
  /** Number of images in the file. */
  pages: number;
  samples(): Promise<Samples>;
}

/**
 * Opens the samples of a mask file. EXIF orientation and palettes are applied, color profiles are not. TIFF samples may also be signed,
 * 32-bit or floating point.
 *
 * @param path `FILE#N` for page N of a TIFF file
 * @throws PerchError `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`, also from `samples`
 */
export async function openSamples(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  maxPixels: number,
): Promise<OpenedSamples> {
  const opened = await wrapDecodeError(
    path,
    open(bytes, splitPage(path).page ?? 1, sizeCheck(path, maxPixels)),
  );
  return { ...opened, samples: () => wrapDecodeError(path, opened.samples()) };
}

async function open(
  bytes: Buffer<ArrayBuffer>,
  number: number,
  assertSize: AssertSize,
): Promise<OpenedSamples> {
  if (bytes.length === 0) throw new DecodeError('it is empty');
  const isBmp = bytes.toString('latin1', 0, 2) === 'BM';
  if (isBmp || isNetpbm(bytes)) {
    const { samples } = isBmp ? readBmp(bytes, assertSize) : readNetpbm(bytes, assertSize);
    const { width, height } = samples;
    return { width, height, isLossy: false, pages: 1, samples: async () => samples };
  }
  const file = isTiff(bytes) ? TiffFile.of(bytes) : undefined;
  const page = file?.page(number);
  if (page) assertSize(page.width, page.height);
  if (file && page && (page.format !== UNSIGNED || page.bits > 16) && page.bands === 1) {
    const { width, height } = page;
    return {
      width,
      height,
      isLossy: false,
      pages: file.pages,
      samples: async () => quantize(await readTiffNumbers(file, number)),
    };
  }
  if (page) assertSupported(page);
  const image = sharp(file?.extractPage(number) ?? bytes, {
    limitInputPixels: false,
    limitInputChannels: MAX_BANDS,
    failOn: page ? failOnFor(page) : 'error',
    ignoreIcc: true,
  });
  const metadata = await image.metadata();
  const { format, depth, autoOrient } = metadata;
  if (!SHARP_FORMATS.has(format)) throw new DecodeError(`it is a ${format.toUpperCase()} file`);
  if (depth !== 'uchar' && depth !== 'ushort') throw new DecodeError(`its samples are of type ${depth}`);
  assertSize(metadata.width, metadata.height);
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    isLossy: format === 'jpeg',
    pages: file?.pages ?? 1,
    samples: async () => {
      await file?.verify(number);
      return decodeSamples(image, metadata, page ? page.hasAlpha : metadata.hasAlpha);
    },
  };
}

/** Keeps non-negative integers of up to 16 bits as they are. Scales other numbers so that the largest becomes 65535. */
function quantize({ values, width, height }: TiffNumbers): Samples {
  let largest = 0;
  let areIntegers = true;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > largest) largest = values[i];
    areIntegers &&= Number.isInteger(values[i]);
  }
  const size = { width, height, channels: 1 } as const;
  const clamp = (value: number) => Math.max(value, 0);
  if (areIntegers && largest <= 255) return { data: Uint8Array.from(values, clamp), ...size };
  if (areIntegers && largest <= 65535) return { data: Uint16Array.from(values, clamp), ...size };
  // Positive values stay positive, because any nonzero value may be a label.
  const scale = (value: number) => (value > 0 ? Math.max(1, Math.round((value * 65535) / largest)) : 0);
  return { data: Uint16Array.from(values, scale), ...size };
}
