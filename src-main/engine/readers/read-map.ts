import { PerchError } from '../../common/api/errors.ts';
import { readHead, readInputFile } from '../../files/read.ts';
import { isNpy, NPY_PREAMBLE, npyHeaderBytes, readNpyHeader, readPreciseNpy } from '../../common/maps/npy.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { decodeReason } from './decode-error.ts';
import type { MapHeader, MapImage, PreciseMap } from './map-image.ts';
import type { ScoreShift } from '../protocol/data-types.ts';

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
  const { width, height, isPrecise } = await openMapFile(await readInputFile(path), path);
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
  const { read } = await openMapFile(bytes, path);
  return wrapMapError(path, read());
}

/** Opens a map that is an image. Its decoders are loaded on demand, because most maps are NPY files. */
async function openMapFile(bytes: Buffer, path: string): Promise<MapImage> {
  const { openMapImage } = await import('./map-image.ts');
  return wrapMapError(path, openMapImage(bytes));
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
