import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../../files/write.ts';
import type { ImageMeasures } from './measure-image.ts';

/** Float32 values in base64. */
const floats = z.base64().transform((text) => {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 4));
});

const contents = z.object({
  constants: z.record(z.string(), floats),
  lists: floats,
  sample: z.object({ tiles: z.int(), tilesInImage: z.int() }).optional(),
});

/** The measures of an image from a file; undefined if there is none that is complete. */
export async function readMeasures(path: string): Promise<ImageMeasures | undefined> {
  try {
    const { constants, lists, sample } = contents.parse(JSON.parse(await readFile(path, 'utf8')));
    return { constants, selection: { kind: 'sorted', lists }, ...(sample && { sample }) };
  } catch {
    return undefined;
  }
}

/** @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function writeMeasures(
  path: string,
  { constants, selection, sample }: ImageMeasures,
): Promise<void> {
  if (selection.kind !== 'sorted') throw new TypeError(`a ${selection.kind} selection has no file`);
  const encode = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  const written = {
    constants: Object.fromEntries(Object.entries(constants).map(([name, values]) => [name, encode(values)])),
    lists: encode(selection.lists),
    ...(sample && { sample }),
  };
  await writeFileAtomic(path, new TextEncoder().encode(JSON.stringify(written)));
}
