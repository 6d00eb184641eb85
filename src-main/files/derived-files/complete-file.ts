import { type FileHandle, open } from 'node:fs/promises';
import type { ZodType } from 'zod';
import { writeError } from '../write.ts';

/** Marks the end of a complete file. */
const MAGIC = 'PERCHDF1';

/** Magic, and the length of the text before it. */
const END_BYTES = MAGIC.length + 4;

/**
 * Completes a file of numbers: the description follows them as JSON, with its length and a mark. A file without the mark was cut off.
 *
 * @throws PerchError `DISK_FULL`, `NOT_WRITABLE`
 */
export async function completeFile(path: string, description: object): Promise<void> {
  const text = Buffer.from(JSON.stringify(description));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  try {
    await using file = await open(path, 'a');
    await file.appendFile(Buffer.concat([text, length, Buffer.from(MAGIC)]));
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** An open file and its description. */
export interface CompleteFile<Description> {
  file: FileHandle;
  description: Description;
  path: string;
}

/**
 * Opens a complete file; undefined if there is none, or it is damaged.
 *
 * @param bytesOf the bytes of numbers that a description needs
 */
export async function openComplete<Description>(
  path: string,
  schema: ZodType<Description>,
  bytesOf: (description: Description) => number,
): Promise<CompleteFile<Description> | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const end = await readDescription(file);
    const { data: description } = schema.safeParse(end?.json);
    if (end && description && bytesOf(description) <= end.at) return { file, description, path };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) {
      await file.close();
      throw cause;
    }
  }
  await file.close();
  return undefined;
}

/** The description and its offset. */
async function readDescription(file: FileHandle): Promise<{ json: unknown; at: number } | undefined> {
  const { size } = await file.stat();
  if (size < END_BYTES) return undefined;
  const { buffer: end } = await file.read(Buffer.alloc(END_BYTES), 0, END_BYTES, size - END_BYTES);
  const length = end.readUInt32LE(0);
  const at = size - END_BYTES - length;
  if (end.toString('latin1', 4) !== MAGIC || at < 0) return undefined;
  const { buffer: text } = await file.read(Buffer.alloc(length), 0, length, at);
  return { json: JSON.parse(text.toString()) as unknown, at };
}
