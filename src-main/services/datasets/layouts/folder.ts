import { basename, dirname, relative } from 'node:path';
import { apart, stemOf } from '../../library/adjacent-masks.ts';
import { isImagesName, maskFolder } from '../../library/folder-names.ts';
import { type FileBelow, imagesBelow } from '../../library/folder-listing.ts';
import { findImages } from '../../library/find-images.ts';
import { type Layout, pairingProblems, type Plan, type PlannedImage, defaultIgnoreBorder } from './layout.ts';
import { twins } from './magnetic-tile.ts';
import { pairMasks, type Pairs, type Placed } from './pair-masks.ts';

/**
 * Any tree of images. The folder of an image is its class. Masks are used if their names are unambiguous: in folders
 * such as `masks` and `ground_truth`, and next to their images (`000_mask.png`).
 */
export const folder: Layout = {
  name: 'folder',
  matches: async () => true,
  async plan(root, reader) {
    const { images: files, masks: adjacent } = apart(await imagesBelow(reader, root));
    const { images: found, pairs } = withoutMaskFolders(files);
    const images = found.map((file): PlannedImage => {
      const { folders, below } = placeOf(file, pairs.masks.size > 0);
      return {
        ...image(file.path, folders.join('/') || basename(root) || root),
        name: [...below, file.name].join('/'),
        masks: [...(adjacent.get(file.path) ?? []), ...(pairs.masks.get(file.path) ?? [])],
      };
    });
    const blockedReason = suspicion(found);
    return {
      images,
      problems: pairingProblems(pairs),
      ...(blockedReason === undefined ? {} : { blockedReason }),
    };
  },
  ignoreBorder: defaultIgnoreBorder,
};

/** The images of files and folders below a root. */
export async function planFiles(root: string, paths: readonly string[]): Promise<Plan> {
  const { images, unreadable } = await findImages(paths);
  return {
    images: images.map(({ path, classFolder }) => ({
      ...image(path, slashed(relative(root, classFolder)) || basename(root) || root),
      name: slashed(relative(classFolder, path)),
      masks: [],
    })),
    problems: unreadable.map(({ path, error }) => ({ kind: 'unreadable', path, message: error.message })),
  };
}

function image(path: string, textureClass: string) {
  return { path, textureClass, defectType: '', split: 'test' as const, normal: false, strip: false };
}

/**
 * The folders that form an image's class, and those below it. A folder `images` next to masks is not a class.
 */
function placeOf({ folders }: FileBelow, withMasks: boolean): { folders: string[]; below: string[] } {
  const last = folders.at(-1);
  if (!withMasks || last === undefined || !isImagesName(last)) return { folders, below: [] };
  return { folders: folders.slice(0, -1), below: [last] };
}

/** Separates the files of mask folders and finds their images. A folder `labels` without a matching file contains images. */
function withoutMaskFolders(files: readonly FileBelow[]): { images: FileBelow[]; pairs: Pairs } {
  const sortOf = ({ folders }: FileBelow) => {
    const sorts = folders.map(maskFolder);
    return sorts.includes('masks') ? 'masks' : sorts.includes('unclear') ? 'unclear' : 'images';
  };
  const { images = [], masks = [], unclear = [] } = Object.groupBy(files, sortOf);
  const placed = images.map(placedAside);
  const fits = pairMasks(placed, unclear.map(placedAside)).masks.size > 0;
  const pairs = pairMasks(placed, [...masks, ...(fits ? unclear : [])].map(placedAside));
  const isMask = new Set([...masks, ...(fits ? unclear : [])]);
  return { images: files.filter((file) => !isMask.has(file)), pairs };
}

/** `train/images/a.jpg` and `train/masks/a.png` belong together. */
function placedAside({ path, folders, name }: FileBelow): Placed {
  const kept = folders.filter((entry) => !isImagesName(entry) && maskFolder(entry) === undefined);
  return { path, defectType: kept.join('/'), folders: [], stem: stemOf(name) };
}

/** Why some images look like masks of others; undefined if none does. */
function suspicion(files: readonly FileBelow[]): string | undefined {
  const { images, masks } = twins(files);
  if (masks.size === 0 || 2 * masks.size < images.length) return undefined;
  const [[first, [twin]]] = masks;
  const below = (path: string) => `${basename(dirname(path))}/${basename(path)}`;
  return (
    `${masks.size} of ${images.length} images have a file of the same name that looks like their mask ` +
    `(${below(first)}, ${below(twin)}). Choose the layout "magnetic-tile" to import these files as masks, or "folder" to ` +
    'import them as images.'
  );
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
