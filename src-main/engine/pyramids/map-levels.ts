import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { NPY_PREAMBLE, npyHeaderBytes, readNpyHeader } from '../../common/maps/npy.ts';
import type { Crop, Size } from '../../common/geometry.ts';
import { PerchError } from '../../common/api/errors.ts';
import { readHead, readError } from '../../files/read.ts';
import type { CompleteFile } from '../../files/derived-files/complete-file.ts';
import { DerivedFiles } from '../../files/derived-files/derived-files.ts';
import type { PixelStorage } from '../readers/pixel-files/open-pixel-file.ts';
import { readStored } from '../readers/pixel-files/read-stored.ts';
import { halveMaximum } from './halve.ts';
import { LEVEL_FILES, type LevelFile, makeLevels } from './level-file.ts';

const VERSION = 1;
const FLOAT_BYTES = 4;

/** A map of the store whose rectangles can be read. */
export interface OpenedMap extends Size {
  /** @returns scores, `height` x `width`, as bytes of float32 */
  read(rectangle: Crop): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** @param path an NPY file of float32, H x W, as the store has them; @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `INVALID_NPY` */
export async function openMapFile(path: string): Promise<OpenedMap> {
  const { bytes: preamble } = await readHead(path, NPY_PREAMBLE);
  const { bytes, size } = await readHead(path, npyHeaderBytes(preamble, path));
  const { shape, type, isLittleEndian, isFortran, start } = readNpyHeader(bytes, path, size);
  if (type !== 'f4' || !isLittleEndian || isFortran || shape.length !== 2)
    throw new PerchError('INVALID_NPY', `${path} is not a map of the store. Inspect the image again.`);
  const [height, width] = shape;
  const file = await open(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  const layout = { width, height, bands: FLOAT_BYTES, depth: 8 as const, offset: start };
  return {
    width,
    height,
    read: async (rectangle) => (await readStored(file, path, layout, rectangle)) as Uint8Array<ArrayBuffer>,
    close: () => file.close(),
  };
}

/** Opens the levels of a map above level 0, each the maximum of the one before. Makes them if they are missing. */
export function openMapLevels(
  path: string,
  map: OpenedMap,
  { folder, maxBytes, ...work }: PixelStorage,
): Promise<CompleteFile<LevelFile>> {
  const { width, height } = map;
  // Files of the store are named by their content.
  const key = DerivedFiles.keyOf(['map-levels', VERSION, basename(path)]);
  const full = { width, height, bytesPerPosition: FLOAT_BYTES };
  const bytes = (width * height * FLOAT_BYTES) / 3;
  return new DerivedFiles(folder, maxBytes).open(key, LEVEL_FILES, bytes, (to) =>
    makeLevels(
      full,
      to,
      work,
      (top, rows) => map.read({ left: 0, top, width, height: rows }),
      (scores, levelWidth, rows) =>
        halveMaximum({ values: new Float32Array(scores.buffer), width: levelWidth, rows }),
    ),
  );
}

/** Makes the levels of a map of the store if they are missing. @throws as `openMapFile`; PerchError `DISK_FULL`, `NOT_WRITABLE` */
export async function makeMapLevels(path: string, storage: PixelStorage): Promise<void> {
  const map = await openMapFile(path);
  try {
    const { file } = await openMapLevels(path, map, storage);
    await file.close();
  } finally {
    await map.close();
  }
}
