import sharp from 'sharp';
import { PerchError } from '../api/errors.ts';
import { readInputFile } from '../files/read.ts';
import { readNpy } from '../maps/npy.ts';
import type { AnomalyMap } from '../methods/types.ts';

/**
 * Reads an anomaly map that was made elsewhere: NPY (float32, float64; rows x columns, axes of length 1 dropped), TIFF with
 * one channel of floats, or gray PNG and TIFF with 16 bits, whose values are taken as they are.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `INVALID_NPY`, `INVALID_MAP`
 */
export async function readMap(path: string): Promise<AnomalyMap> {
  const bytes = await readInputFile(path);
  const map = path.toLowerCase().endsWith('.npy') ? npyMap(bytes, path) : await pictureMap(bytes, path);
  if (!map.values.every(Number.isFinite)) throw invalid(path, 'not all of its scores are finite numbers');
  return map;
}

function npyMap(bytes: Buffer, path: string): AnomalyMap {
  const { shape, values } = readNpy(bytes, path);
  const sides = shape.filter((side) => side !== 1);
  if (sides.length > 2 || values.length === 0) {
    throw invalid(path, `its shape is ${shape.join(' x ')}, and a map is rows x columns`);
  }
  const [height, width] = sides.length === 2 ? sides : [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return { values, height, width };
}

async function pictureMap(bytes: Buffer, path: string): Promise<AnomalyMap> {
  try {
    const picture = sharp(bytes, { limitInputPixels: false, failOn: 'error' });
    const { channels, depth } = await picture.metadata();
    if (channels !== 1) throw invalid(path, `it has ${channels} channels, and a map has one`);
    if (depth !== 'float' && depth !== 'ushort') {
      throw invalid(path, `its samples are of type ${depth}. Save it as float32 (NPY, TIFF) or with 16 bits`);
    }
    const { data, info } = await picture
      .toColourspace(depth === 'float' ? 'b-w' : 'grey16')
      .raw({ depth })
      .toBuffer({ resolveWithObject: true });
    const body = new Uint8Array(data).buffer;
    const values = depth === 'float' ? new Float32Array(body) : Float32Array.from(new Uint16Array(body));
    return { values, height: info.height, width: info.width };
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
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
