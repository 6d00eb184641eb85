import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import { PerchError, reportOf } from '../../api/errors.ts';
import type { Image } from '../../api/schemas.ts';
import type { Library } from '../services.ts';
import { findImages } from './find-images.ts';

/** The images that are open, in memory. */
export class OpenImages implements Library {
  readonly #byId = new Map<string, Image>();
  readonly #idByPath = new Map<string, string>();

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
}
