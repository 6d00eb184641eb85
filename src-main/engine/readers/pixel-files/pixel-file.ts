import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { readingNote } from '../../../common/api/reading-notes.ts';
import { writeError } from '../../../files/write.ts';
import type { StoredImage } from './stored-image.ts';

/** Marks the end of a complete pixel file. */
const MAGIC = 'PERCHPX1';

/** Magic, and the length of the text before it. */
const END_BYTES = MAGIC.length + 4;

const count = z.int().min(1);
const storedImage = z.object({
  width: count,
  height: count,
  depth: z.literal([8, 16]),
  bands: count,
  offset: z.int().min(0),
  colors: z.enum(['gray', 'rgb', 'cmyk']),
  hasAlpha: z.boolean(),
  isClear: z.boolean(),
  isFinished: z.boolean().optional(),
  orientation: z.int().min(1).max(8),
  used: z.object({ bits: z.int(), mean: z.number() }).optional(),
  grayProfile: z.string().optional(),
  notes: z.array(readingNote),
  resolution: z.object({ x: z.number(), y: z.number() }).optional(),
  roll: z
    .object({
      direction: z.enum(['down', 'right']),
      frames: z.array(
        z.object({ name: z.string(), sha256: z.string(), offset: z.int().min(0), length: count }),
      ),
    })
    .optional(),
});

/**
 * Completes a pixel file: samples, followed by their description as JSON, its length, and a mark. A file without the mark was cut off.
 *
 * @throws PerchError `DISK_FULL`, `NOT_WRITABLE`
 */
export async function completePixelFile(path: string, image: StoredImage): Promise<void> {
  const text = Buffer.from(JSON.stringify(image));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  try {
    await using file = await open(path, 'a');
    await file.appendFile(Buffer.concat([text, length, Buffer.from(MAGIC)]));
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Opens a pixel file; undefined if there is none, or it is damaged. */
export async function openComplete(
  path: string,
): Promise<{ file: FileHandle; image: StoredImage } | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const image = await readDescription(file);
    if (image) return { file, image };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  await file.close();
  return undefined;
}

async function readDescription(file: FileHandle): Promise<StoredImage | undefined> {
  const { size } = await file.stat();
  if (size < END_BYTES) return undefined;
  const { buffer: end } = await file.read(Buffer.alloc(END_BYTES), 0, END_BYTES, size - END_BYTES);
  const length = end.readUInt32LE(0);
  const at = size - END_BYTES - length;
  if (end.toString('latin1', 4) !== MAGIC || at < 0) return undefined;
  const { buffer: text } = await file.read(Buffer.alloc(length), 0, length, at);
  const { data: image } = storedImage.safeParse(JSON.parse(text.toString()));
  if (!image) return undefined;
  const samples = image.width * image.height * image.bands * (image.depth / 8);
  return image.offset + samples <= at ? (image as StoredImage) : undefined;
}
