import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { isMapName } from '../../api/image-names.ts';
import { unreadable } from '../../files/read.ts';
import type { StoredImage } from '../../store/images.ts';

/**
 * Where the map of an image lies below a folder, by what the layouts of other systems have in common: the names of class and
 * kind as folders, the stem of the image as the map's.
 *  - MVTec AD evaluation: `<class>/test/<kind>/<stem>.tiff`
 *  - anomalib: `<class>/<kind>/<stem>`, also below other folders; without the class where the dataset has one
 *  - Perch's own `<stem>.map.npy`
 */
export class MapFolder {
  readonly #byName: ReadonlyMap<string, string>;

  private constructor(byName: ReadonlyMap<string, string>) {
    this.#byName = byName;
  }

  /** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
  static async read(folder: string): Promise<MapFolder> {
    try {
      const byName = new Map<string, string>();
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isDirectory() || !isMapName(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        byName.set(nameOf(relative(folder, path).replaceAll(sep, '/')), path);
      }
      return new MapFolder(byName);
    } catch (cause) {
      throw unreadable(folder, cause);
    }
  }

  /** The map of an image, undefined where there is none. `alone`: the dataset has no other class. */
  of(image: StoredImage, alone: boolean): string | undefined {
    const within = nameOf(image.name.replace(/ #(\d+)$/, ''));
    const suffix = image.part === 0 ? '' : `_${image.part}`;
    const names = [within, within.replace(/^(train|test)\//, '')].map((name) => name + suffix);
    const candidates = [...names.map((name) => `${image.textureClass}/${name}`), ...(alone ? names : [])];
    for (const candidate of candidates) {
      const path = this.#byName.get(candidate);
      if (path !== undefined) return path;
    }
    return candidates.map((candidate) => this.#below(candidate)).find((path) => path !== undefined);
  }

  /** A map whose path ends so, where it is the only one. */
  #below(end: string): string | undefined {
    if (!end.includes('/')) return undefined;
    const found = [...this.#byName].filter(([name]) => name.endsWith(`/${end}`));
    return found.length === 1 ? found[0][1] : undefined;
  }
}

/** A path without extension, also without the `.map` of Perch's own maps. */
function nameOf(path: string): string {
  return path.slice(0, path.length - extname(path).length).replace(/\.map$/, '');
}
