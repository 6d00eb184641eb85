import type { FileHandle } from 'node:fs/promises';
import { PerchError } from '../../common/api/errors.ts';
import { openRegular } from '../../files/read.ts';

/** Creates the error that rejects a file, with its name and the reason. */
export type ErrorFactory = (reason: string) => PerchError;

/** A file that is read in parts. Only requested parts are in memory. */
export class RandomAccessFile implements AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly #file: FileHandle;

  private constructor(path: string, size: number, file: FileHandle) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** @throws PerchError as `openRegular` */
  static async open(path: string): Promise<RandomAccessFile> {
    const file = await openRegular(path);
    try {
      return new RandomAccessFile(path, (await file.stat()).size, file);
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  /**
   * Reads `length` bytes at `offset`.
   *
   * @param what names the part in the message if the file is too short
   * @throws PerchError `CHECKPOINT_REFUSED`
   */
  async read(offset: number, length: number, what: string): Promise<Buffer<ArrayBuffer>> {
    this.assertWithin(offset, length, what);
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw this.error(`it was truncated while ${what} was read`);
      done += bytesRead;
    }
    return bytes;
  }

  /** @throws PerchError `CHECKPOINT_REFUSED` if the file ends before `offset + length` */
  assertWithin(offset: number, length: number, what: string): void {
    if (offset >= 0 && length >= 0 && offset + length <= this.size) return;
    throw this.error(
      `it is truncated or damaged: ${what} should be at bytes ${offset} to ${offset + length}, but the file has ${this.size}`,
    );
  }

  readonly error: ErrorFactory = (reason) => rejection(this.path, reason);

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function rejection(path: string, reason: string): PerchError {
  return new PerchError('CHECKPOINT_REFUSED', `${path} was rejected: ${reason}. Nothing in it was executed.`);
}
