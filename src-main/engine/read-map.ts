import sharp, { type Sharp } from 'sharp';
import { PerchError } from '../api/errors.ts';
import { readBeginning, readInputFile } from '../files/read.ts';
import { isNpy, readNpy, readNpyHeader } from '../maps/npy.ts';
import type { AnomalyMap } from '../methods/types.ts';

/** Bytes in which the header of an NPY file ends. */
const NPY_HEADER = 2 ** 16;

/**
 * Reads an anomaly map that was made elsewhere: NPY (float32, float64; rows x columns, axes of length 1 dropped), TIFF with
 * one channel of floats, or gray PNG and TIFF with 16 bits, whose values are taken as they are.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `INVALID_NPY`, `INVALID_MAP`
 */
export async function readMap(path: string): Promise<AnomalyMap> {
  const bytes = await readInputFile(path);
  const map = isNpyFile(bytes, path) ? npyMap(bytes, path) : await pictureMap(bytes, path);
  if (!areFinite(map.values)) throw invalid(path, 'not all of its scores are finite numbers');
  return map;
}

/**
 * Columns and rows of such a map, by the head of its file.
 *
 * @throws PerchError as `readMap`
 */
export async function readMapSize(path: string): Promise<{ width: number; height: number }> {
  const { bytes, size } = await readBeginning(path, NPY_HEADER);
  if (isNpyFile(bytes, path)) return sidesOf(readNpyHeader(bytes, path, size).shape, path);
  const { width, height } = await openPicture(await readInputFile(path), path);
  return { width, height };
}

/** By name as well, so that a broken one is called that; maps that Perch keeps have no extension. */
function isNpyFile(bytes: Uint8Array, path: string): boolean {
  return path.toLowerCase().endsWith('.npy') || isNpy(bytes);
}

/** A loop, for `every` takes 15 times as long. */
function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return false;
  }
  return true;
}

function npyMap(bytes: Buffer, path: string): AnomalyMap {
  const { shape, values } = readNpy(bytes, path);
  return { values, ...sidesOf(shape, path) };
}

function sidesOf(shape: readonly number[], path: string): { width: number; height: number } {
  const sides = shape.filter((side) => side !== 1);
  if (sides.length > 2 || shape.includes(0)) {
    throw invalid(path, `its shape is ${shape.join(' x ')}, and a map is rows x columns`);
  }
  const [height, width] = sides.length === 2 ? sides : [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return { height, width };
}

async function pictureMap(bytes: Buffer, path: string): Promise<AnomalyMap> {
  const { picture, depth } = await openPicture(bytes, path);
  const { data, info } = await orInvalid(
    path,
    picture
      .toColourspace(depth === 'float' ? 'b-w' : 'grey16')
      .raw({ depth })
      .toBuffer({ resolveWithObject: true }),
  );
  const body = new Uint8Array(data).buffer;
  const values = depth === 'float' ? new Float32Array(body) : Float32Array.from(new Uint16Array(body));
  return { values, height: info.height, width: info.width };
}

interface Picture {
  picture: Sharp;
  depth: 'float' | 'ushort';
  width: number;
  height: number;
}

async function openPicture(bytes: Buffer, path: string): Promise<Picture> {
  if (bytes.length === 0) throw invalid(path, 'it is empty');
  const picture = sharp(bytes, { limitInputPixels: false, failOn: 'error' });
  const { channels, depth, width, height } = await orInvalid(path, picture.metadata());
  if (channels !== 1) throw invalid(path, `it has ${channels} channels, and a map has one`);
  if (depth !== 'float' && depth !== 'ushort') {
    throw invalid(path, `its samples are of type ${depth}. Save it as float32 (NPY, TIFF) or with 16 bits`);
  }
  return { picture, depth, width, height };
}

async function orInvalid<Outcome>(path: string, outcome: Promise<Outcome>): Promise<Outcome> {
  try {
    return await outcome;
  } catch (cause) {
    throw invalid(path, (cause as Error).message.split('\n')[0], cause);
  }
}

function invalid(path: string, reason: string, cause?: unknown): PerchError {
  return new PerchError(
    'INVALID_MAP',
    `${path} is not an anomaly map that Perch can read: ${reason}.`,
    cause,
  );
}
