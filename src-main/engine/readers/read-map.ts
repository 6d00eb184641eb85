import sharp, { type Sharp } from 'sharp';
import { PerchError } from '../../common/api/errors.ts';
import { readHead, readInputFile } from '../../files/read.ts';
import { isNpy, NPY_PREAMBLE, npyHeaderBytes, readNpyHeader, readPreciseNpy } from '../../common/maps/npy.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { DecodeError, decodeReason } from './decode-error.ts';
import { DEFLATE, FLOAT, UNCOMPRESSED } from './tiff/tags.ts';
import { failOnFor, isTiff, TiffFile } from './tiff/tiff-file.ts';
import { readTiffNumbers } from './tiff/read-numbers.ts';
import type { ScoreShift } from '../protocol/data-types.ts';

/** A map in the precision of its file. */
export interface PreciseMap {
  /** Row-major; float64 if float32 cannot represent the file's numbers. */
  values: Float32Array | Float64Array;
  height: number;
  width: number;
}

/**
 * Reads an anomaly map as float32: NPY (rows x columns, axes of length 1 dropped), TIFF with one channel, or gray PNG. Values are not
 * scaled unless a `shift` is given.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `INVALID_NPY`, `INVALID_MAP`
 */
export async function readMap(path: string, shift?: ScoreShift): Promise<AnomalyMap> {
  const { values, height, width } = await readPreciseMap(path);
  if (!shift)
    return { values: values instanceof Float32Array ? values : Float32Array.from(values), height, width };
  const { low, range } = shift;
  return { values: Float32Array.from(values, (value) => (value - low) / range), height, width };
}

/** Reads an anomaly map in the precision of its file. @throws PerchError as `readMap` */
export async function readPreciseMap(path: string): Promise<PreciseMap> {
  const bytes = await readInputFile(path);
  const map = isNpyFile(bytes, path) ? npyMap(bytes, path) : await imageMap(bytes, path);
  assertFiniteScores(map, path);
  return map;
}

/** Counts the neighboring scores that differ in the file and are equal in float32, which would lose their ranks. */
export function mergedNeighbors(
  { values }: Pick<PreciseMap, 'values'>,
  { low, range }: ScoreShift = { low: 0, range: 1 },
): number {
  if (values instanceof Float32Array) return 0;
  let merged = 0;
  const single = (value: number) => Math.fround((value - low) / range);
  for (let i = 1; i < values.length; i++)
    if (values[i] !== values[i - 1] && single(values[i]) === single(values[i - 1])) merged++;
  return merged;
}

/** The size of a map, and whether its numbers exceed the precision of float32. */
export interface MapHeader {
  width: number;
  height: number;
  isPrecise: boolean;
}

/**
 * Reads the header of a map's file.
 *
 * @throws PerchError as `readMap`
 */
export async function readMapHeader(path: string): Promise<MapHeader> {
  const { bytes: start } = await readHead(path, NPY_PREAMBLE);
  if (isNpyFile(start, path)) {
    const { bytes, size } = await readHead(path, npyHeaderBytes(start, path));
    const { shape, isExact } = readNpyHeader(bytes, path, size);
    return { ...mapSize(shape, path), isPrecise: !isExact };
  }
  const { width, height, isPrecise } = await openMapImage(await readInputFile(path), path);
  return { width, height, isPrecise };
}

/**
 * Checks the name as well, so that a damaged NPY file gets a suitable message. Maps in Perch's store have no
 * extension.
 */
function isNpyFile(bytes: Uint8Array, path: string): boolean {
  return path.toLowerCase().endsWith('.npy') || isNpy(bytes);
}

/** A loop, because `findIndex` is 15 times slower. */
function assertFiniteScores({ values, width }: PreciseMap, path: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const position = `row ${Math.floor(i / width) + 1}, column ${(i % width) + 1}`;
    throw invalid(path, `its score at ${position} is ${values[i]}, which is not a finite number`);
  }
}

function npyMap(bytes: Buffer, path: string): PreciseMap {
  const { shape, values } = readPreciseNpy(bytes, path);
  return { values, ...mapSize(shape, path) };
}

/** Rows and columns of an array, without its axes of length 1. */
function mapSize(shape: readonly number[], path: string): { width: number; height: number } {
  const text = shape.join(' x ');
  const pairs = new Map<string, [number, number]>();
  for (let row = 0; row < shape.length; row++) {
    for (let column = row + 1; column < shape.length; column++) {
      const isMap = shape.every((side, axis) => side === 1 || axis === row || axis === column);
      if (isMap) pairs.set(`${shape[row]} x ${shape[column]}`, [shape[row], shape[column]]);
    }
  }
  if (pairs.size === 0 || shape.includes(0))
    throw invalid(path, `its shape is ${text}, but a map has two axes, rows and columns`);
  if (pairs.size > 1)
    throw invalid(
      path,
      `its shape ${text} could mean ${[...pairs.keys()].join(' or ')}. Save it with two axes, rows and columns`,
    );
  const [[height, width]] = pairs.values();
  return { height, width };
}

async function imageMap(bytes: Buffer, path: string): Promise<PreciseMap> {
  const { read } = await openMapImage(bytes, path);
  return wrapMapError(path, read());
}

interface MapImage extends MapHeader {
  read(): Promise<PreciseMap>;
}

async function openMapImage(bytes: Buffer, path: string): Promise<MapImage> {
  return wrapMapError(path, isTiff(bytes) ? openTiff(bytes) : openPng(bytes));
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

async function wrapMapError<Outcome>(path: string, outcome: Promise<Outcome>): Promise<Outcome> {
  try {
    return await outcome;
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw invalid(path, decodeReason(cause), cause);
  }
}

function invalid(path: string, reason: string, cause?: unknown): PerchError {
  return new PerchError(
    'INVALID_MAP',
    `${path} is not an anomaly map that Perch can read: ${reason}.`,
    cause,
  );
}
