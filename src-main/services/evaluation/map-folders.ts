import { readdir } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { PerchError } from '../../api/errors.ts';
import { isImageName, isMapName } from '../../api/image-names.ts';
import { unreadable } from '../../files/read.ts';

/** Folders that say what lies in them and nothing of the class. */
const PLACES = new Set(['test', 'ground_truth']);
/** The kind whose images are normal all over. */
const GOOD = 'good';

/** A map and the mask of its image; without one the image is normal all over. */
export interface MapWithMask {
  map: string;
  mask: string | undefined;
}

/** The maps of one texture class, in the order of their names. */
export interface ClassMaps {
  textureClass: string;
  maps: MapWithMask[];
}

/**
 * Finds the masks of maps, both in the MVTec AD layout: `KIND/STEM.npy` and `KIND/STEM_mask.png`, none for the kind `good`, or
 * without kinds, where a map without a mask is of a normal image. Folders above a kind are the class, but for `test` and
 * `ground_truth`; where there are none, the class is called as the folder of the maps.
 *
 * @throws PerchError `NOT_FOUND` where a folder, a map or a mask is not there, `NOT_READABLE`, `CONFLICT` where an image has two
 */
export async function findMaps(mapsFolder: string, masksFolder: string): Promise<ClassMaps[]> {
  const [maps, masks] = await Promise.all([
    filesOf(mapsFolder, isMapName),
    filesOf(masksFolder, isImageName),
  ]);
  if (maps.size === 0) {
    throw new PerchError(
      'NOT_FOUND',
      `${mapsFolder} holds no maps. They are .npy, .tiff or 16-bit .png files.`,
    );
  }
  const classes = new Map<string, MapWithMask[]>();
  for (const [image, map] of [...maps].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const folders = image.split('/').slice(0, -1);
    const kind = folders.at(-1);
    const mask = kind === GOOD ? undefined : masks.get(image);
    if (mask === undefined && kind !== undefined && kind !== GOOD) {
      const expected = join(masksFolder, ...folders, `${basename(image)}_mask.png`);
      throw new PerchError(
        'NOT_FOUND',
        `${map} has no mask: ${expected} does not exist. Maps of normal images lie in a folder called ${GOOD}.`,
      );
    }
    masks.delete(image);
    const textureClass = folders.slice(0, -1).join('/') || basename(resolve(mapsFolder));
    classes.set(textureClass, [...(classes.get(textureClass) ?? []), { map, mask }]);
  }
  for (const [image, mask] of masks) {
    throw new PerchError('NOT_FOUND', `${mask} has no map: ${join(mapsFolder, image)}.npy does not exist.`);
  }
  return [...classes].map(([textureClass, of]) => ({ textureClass, maps: of }));
}

/** Files below a folder by the image that they are of: its folders and the stem of its name. */
async function filesOf(folder: string, isWanted: (name: string) => boolean): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of await listed(folder)) {
    if (!isWanted(basename(path))) continue;
    const folders = relative(folder, path).split(sep).slice(0, -1);
    const stem = basename(path, extname(path)).replace(/(_mask|\.map)$/, '');
    const image = [...folders.filter((name) => !PLACES.has(name)), stem].join('/');
    const other = files.get(image);
    if (other !== undefined) {
      throw new PerchError('CONFLICT', `${other} and ${path} are of the same image. Keep one of them.`);
    }
    files.set(image, path);
  }
  return files;
}

async function listed(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw new PerchError('NOT_FOUND', `${folder} is not a folder.`, cause);
    throw unreadable(folder, cause);
  }
}
