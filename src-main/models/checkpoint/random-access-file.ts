import type { FileHandle } from 'node:fs/promises';
import { PerchError } from '../../common/api/errors.ts';
import { openRegular } from '../../files/read.ts';

/** Makes the error that names the file and says why it is refused. */
export type ErrorFactory = (reason: string) => PerchError;

/** A file that is read by seeking: nothing of it is held but what was asked for. */
export class RandomAccessFile implements AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly #file: FileHandle;

  private constructor(path: string, size: number, file: FileHandle) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** @throws PerchError where it is no regular file, or cannot be opened */
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
   * `length` bytes from `offset` on.
   *
   * @param what for the message where the file ends before
   * @throws PerchError `CHECKPOINT_REFUSED`
   */
  async read(offset: number, length: number, what: string): Promise<Buffer<ArrayBuffer>> {
    this.assertWithin(offset, length, what);
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw this.error(`it became shorter while ${what} was read`);
      done += bytesRead;
    }
    return bytes;
  }

  /** @throws PerchError `CHECKPOINT_REFUSED` where the file ends before `offset + length` */
  assertWithin(offset: number, length: number, what: string): void {
    if (offset >= 0 && length >= 0 && offset + length <= this.size) return;
    throw this.error(
      `it is truncated or damaged: ${what} would lie at bytes ${offset} to ${offset + length}, and the file has ${this.size}`,
    );
  }

  readonly error: ErrorFactory = (reason) => refusal(this.path, reason);

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function refusal(path: string, reason: string): PerchError {
  return new PerchError('CHECKPOINT_REFUSED', `${path} was refused: ${reason}. Nothing in it was executed.`);
}
