import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PerchError, reportOf } from '../../api/errors.ts';
import type { Image } from '../../api/schemas.ts';
import { unwritable } from '../../files/write.ts';
import type { Library } from '../services.ts';
import { findImages } from './find-images.ts';

/** The images that are open, in memory; dropped files are kept in a folder of this run. */
export class OpenImages implements Library {
  readonly #byId = new Map<string, Image>();
  readonly #idByPath = new Map<string, string>();
  #uploads: Promise<string> | undefined;

  async open(paths: string[]): ReturnType<Library['open']> {
    const found = await findImages(paths);
    const images = found.images.map(({ path, textureClass, classFolder }) => {
      const id = this.#idByPath.get(path) ?? randomUUID();
      const name = relative(classFolder, path).replaceAll('\\', '/');
      const image: Image = { id, name, textureClass, path };
      this.#byId.set(id, image);
      this.#idByPath.set(path, id);
      return image;
    });
    return { images, skipped: found.skipped.map(({ path, error }) => ({ path, error: reportOf(error) })) };
  }

  list(): Image[] {
    return [...this.#byId.values()];
  }

  close(): void {
    this.#byId.clear();
    this.#idByPath.clear();
  }

  pathOf(id: string): string {
    const image = this.#byId.get(id);
    if (image) return image.path;
    throw new PerchError('NOT_FOUND', 'This image is not open any more. Open its file or folder again.');
  }

  async receive(drop: string, path: readonly string[], bytes: AsyncIterable<Uint8Array>): Promise<string> {
    this.#uploads ??= mkdtemp(join(tmpdir(), 'perch-'));
    // Files that lie in no folder are shown with the class "dropped".
    const root = join(await this.#uploads, drop, 'dropped');
    const file = join(root, ...path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await pipeline(bytes, createWriteStream(file, { flags: 'wx' }));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
      throw unwritable(file, cause);
    }
    return root;
  }

  /** Removes what was dropped during this run. */
  async dispose(): Promise<void> {
    if (this.#uploads) await rm(await this.#uploads, { recursive: true, force: true });
  }
}
