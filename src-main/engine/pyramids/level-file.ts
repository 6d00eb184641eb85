import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import type { Crop, Size } from '../../common/geometry.ts';
import { levelCount, levelSize } from '../../common/tiles.ts';
import type { FileKind } from '../../files/derived-files/derived-files.ts';
import { readStored } from '../readers/pixel-files/read-stored.ts';
import { RowWriter } from '../readers/pixel-files/row-writer.ts';
import type { Work } from '../readers/pixel-files/stored-image.ts';

/** The size of level 0 and the bytes of a position. Levels 1 and up follow each other in the file, row by row. */
export interface LevelFile extends Size {
  bytesPerPosition: number;
}

/** Bytes of a level that are halved at once. */
const BAND_BYTES = 2 ** 22;

export const LEVEL_FILES: FileKind<LevelFile> = {
  schema: z.object({
    width: z.int().min(1),
    height: z.int().min(1),
    bytesPerPosition: z.int().min(1).max(4),
  }),
  bytesOf: (levels) => levelOffset(levels, levelCount(levels)),
};

function levelOffset(levels: LevelFile, level: number): number {
  let offset = 0;
  for (let before = 1; before < level; before++) {
    const { width, height } = levelSize(levels, before);
    offset += width * height * levels.bytesPerPosition;
  }
  return offset;
}

/** Reads a rectangle of level 1 or up. @throws PerchError `NOT_READABLE` */
export async function readLevel(
  { file, path, description }: { file: FileHandle; path: string; description: LevelFile },
  level: number,
  rectangle: Crop,
): Promise<Uint8Array<ArrayBuffer>> {
  const layout = {
    ...levelSize(description, level),
    bands: description.bytesPerPosition,
    depth: 8 as const,
    offset: levelOffset(description, level),
  };
  return (await readStored(file, path, layout, rectangle)) as Uint8Array<ArrayBuffer>;
}

/**
 * Writes levels 1 and up to a new file, each from the one before.
 *
 * @param readRows reads whole rows of level 0
 * @param halve from rows of a level to half as many of the next
 */
export async function makeLevels(
  full: LevelFile,
  to: string,
  { signal, report }: Work,
  readRows: (top: number, rows: number) => Promise<Uint8Array<ArrayBuffer>>,
  halve: (bytes: Uint8Array<ArrayBuffer>, width: number, rows: number) => ArrayBufferView<ArrayBuffer>,
): Promise<LevelFile> {
  await using writer = await RowWriter.create(to);
  await using written = await open(to);
  const total = full.width * full.height;
  let done = 0;
  for (let level = 1; level < levelCount(full); level++) {
    const { width, height } = levelSize(full, level - 1);
    const band = 2 * Math.max(1, Math.floor(BAND_BYTES / (2 * width * full.bytesPerPosition)));
    for (let top = 0; top < height; top += band) {
      signal?.throwIfAborted();
      const rows = Math.min(band, height - top);
      const bytes =
        level === 1
          ? await readRows(top, rows)
          : await readLevel({ file: written, path: to, description: full }, level - 1, {
              left: 0,
              top,
              width,
              height: rows,
            });
      await writer.write(halve(bytes, width, rows));
      done += width * rows;
      // All levels together have 4/3 of the pixels.
      report?.(Math.min(1, (0.75 * done) / total));
    }
  }
  return full;
}
