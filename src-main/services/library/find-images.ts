import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { imageExtensions } from '../../common/file-formats.ts';
import { PerchError } from '../../common/api/errors.ts';
import { splitPage } from '../../files/paged-path.ts';
import { readError } from '../../files/read.ts';
import { apart } from './adjacent-masks.ts';
import { FolderReader, imagesBelow, type SkippedFiles } from './folder-listing.ts';
import { maskFolder, splitOf } from './folder-names.ts';

/** An image file found in a list of files and folders. */
export interface FoundImage {
  /** Absolute path. */
  path: string;
  /** Absolute path of the listed file or folder that contains it. */
  root: string;
  /** Its texture class, derived from its folders. */
  textureClass: string;
  /** Absolute path of the folder of the class. */
  classFolder: string;
}

export interface Found {
  images: FoundImage[];
  unreadable: { path: string; error: PerchError }[];
  skipped: SkippedFiles[];
}

/**
 * Finds the image files in a list of files and folders. A listed file counts whatever its name; a folder
 * contributes every file below it that has an image extension. Masks, results of earlier inspections and
 * other files are skipped and counted. The images are sorted by name, numbers by value, without duplicates.
 */
export async function findImages(paths: readonly string[]): Promise<Found> {
  const found = new Map<string, FoundImage>();
  const unreadable: Found['unreadable'] = [];
  const reader = new FolderReader();
  for (const path of paths.map((given) => resolve(given))) {
    try {
      const isFolder = (await stat(splitPage(path).file)).isDirectory();
      const files = isFolder ? await imagesToInspect(path, reader) : [path];
      for (const file of files)
        if (!found.has(file)) found.set(file, { path: file, root: path, ...classOf(file) });
    } catch (cause) {
      unreadable.push({ path, error: cause instanceof PerchError ? cause : readError(path, cause) });
    }
  }
  for (const { path, error } of reader.unreadable)
    unreadable.push({ path, error: error instanceof PerchError ? error : readError(path, error) });
  return { images: [...found.values()], unreadable, skipped: reader.skipped() };
}

/** @throws PerchError `NO_IMAGES` */
async function imagesToInspect(folder: string, reader: FolderReader): Promise<string[]> {
  const isWanted = (path: string) => {
    if (maskFolder(basename(path)) !== 'masks') return true;
    reader.skip('folders of masks', path);
    return false;
  };
  const { images, masks } = apart(await imagesBelow(reader, folder, isWanted));
  for (const mask of [...masks.values()].flat()) reader.skip('masks next to their images', mask);
  const path = images.map((image) => image.path);
  if (path.length > 0 || reader.unreadable.some((of) => of.path === folder)) return path;
  throw new PerchError(
    'NO_IMAGES',
    `${folder} contains no images. Perch looked for ${imageExtensions.join(' ')} in the folder and all folders below it, and skipped masks and the ` +
      'results of earlier inspections.',
  );
}

/**
 * An MVTec AD tree is `<class>/test|train/<defect type>/<file>`. In other trees, the class of a file is its
 * own folder.
 */
function classOf(file: string): { textureClass: string; classFolder: string } {
  const kind = dirname(file);
  const split = dirname(kind);
  const classFolder = splitOf(basename(split)) === undefined ? kind : dirname(split);
  return { textureClass: basename(classFolder), classFolder };
}
