import { extname, join, relative } from 'node:path';
import { isMapName } from '../../common/file-formats.ts';
import type { StoredImage } from '../../store/images.ts';
import { FolderReader, listFolder } from '../library/folder-listing.ts';
import { splitOf } from '../library/folder-names.ts';

/**
 * Finds an image's map in a folder that another system wrote. The class and the
 * defect type are folders, and the map has the stem of the image. Names match in any Unicode form; case is ignored if nothing else fits.
 *  - MVTec AD evaluation: `<class>/test/<defect type>/<stem>.tiff`
 *  - anomalib: `<class>/<defect type>/<stem>`, possibly below other folders; without the class if the dataset has only one
 *  - Perch's own `<stem>.map.npy`
 */
export class MapFolder {
  readonly #byName: ReadonlyMap<string, string>;
  readonly #byFolded: ReadonlyMap<string, string[]>;

  private constructor(paths: ReadonlyMap<string, string>) {
    this.#byName = paths;
    const names = Map.groupBy(paths.keys(), (name) => name.toLowerCase());
    this.#byFolded = new Map(
      [...names].map(([folded, of]) => [folded, of.flatMap((name) => paths.get(name) ?? [])]),
    );
  }

  /** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
  static async read(folder: string): Promise<MapFolder> {
    await listFolder(folder);
    const reader = new FolderReader();
    const byName = new Map<string, string>();
    const walk = async (path: string): Promise<void> => {
      const { images, others, results, folders } = await reader.list(path);
      for (const name of [...images, ...others, ...results].filter(isMapName)) {
        if (/\.(heatmap|overlay|mask)\.png$/i.test(name)) continue;
        byName.set(nameOf(relative(folder, join(path, name)).replaceAll('\\', '/')), join(path, name));
      }
      for (const name of [...folders, ...results.filter((entry) => !isMapName(entry))])
        await walk(join(path, name));
    };
    await walk(folder);
    if (reader.unreadable.length > 0) throw reader.unreadable[0].error;
    return new MapFolder(byName);
  }

  /** An image's map; undefined if there is none. `alone`: the dataset has a single class. */
  of(image: StoredImage, alone: boolean): string | undefined {
    const within = nameOf(image.name.replace(/ #(\d+)$/, ''));
    const [first, ...others] = within.split('/');
    const below = splitOf(first) === undefined ? [] : [others.join('/')];
    const suffix = image.tileIndex === 0 ? '' : `_${image.tileIndex}`;
    const names = [within, ...below].map((name) => name + suffix);
    const ofClass = names.map((name) => `${image.textureClass}/${name}`.normalize('NFC'));
    const candidates = [...ofClass, ...(alone ? names : [])];
    for (const candidate of candidates) {
      const path = this.#byName.get(candidate) ?? only(this.#byFolded.get(candidate.toLowerCase()));
      if (path !== undefined) return path;
    }
    return candidates.map((candidate) => this.#below(candidate)).find((path) => path !== undefined);
  }

  /** The only map whose path ends with `end`. */
  #below(end: string): string | undefined {
    if (!end.includes('/')) return undefined;
    const folded = `/${end.toLowerCase()}`;
    return only([...this.#byFolded].flatMap(([name, paths]) => (name.endsWith(folded) ? paths : [])));
  }
}

function only<Item>(items: readonly Item[] = []): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** A path without its extension and without the `.map` of Perch's maps. */
function nameOf(path: string): string {
  return path
    .slice(0, path.length - extname(path).length)
    .replace(/\.map$/i, '')
    .normalize('NFC');
}
