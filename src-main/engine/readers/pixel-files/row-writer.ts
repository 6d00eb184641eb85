import { type FileHandle, open } from 'node:fs/promises';
import { writeError } from '../../../files/write.ts';

/** Writes the rows of an image one after the other to a new file. */
export class RowWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Bytes written so far. */
  written = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws PerchError `NOT_WRITABLE` */
  static async create(path: string): Promise<RowWriter> {
    try {
      return new RowWriter(path, await open(path, 'wx'));
    } catch (cause) {
      throw writeError(path, cause);
    }
  }

  /** @throws PerchError `DISK_FULL`, `NOT_WRITABLE` */
  async write({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Promise<void> {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    try {
      for (let at = 0; at < byteLength;) {
        const { bytesWritten } = await this.#file.write(bytes, at);
        at += bytesWritten;
      }
    } catch (cause) {
      throw writeError(this.#path, cause);
    }
    this.written += byteLength;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}
