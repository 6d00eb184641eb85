import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { imageExtensions, isImageName } from '../../api/image-names.ts';
import { PerchError } from '../../api/errors.ts';
import { splitPage } from '../../files/paged-path.ts';
import { unreadable } from '../../files/read.ts';

/** An image file that was found. */
export interface FoundImage {
  /** Absolute path. */
  path: string;
  /** Absolute path of the file or folder it was found through. */
  root: string;
  /** The texture class it belongs to, by the folders it lies in. */
  textureClass: string;
  /** Absolute path of the folder that is that class. */
  classFolder: string;
}

export interface Found {
  images: FoundImage[];
  skipped: { path: string; error: PerchError }[];
}

/** Folders of the known dataset layouts that hold masks, not images to inspect. */
const MASK_FOLDERS = new Set(['ground_truth', 'mask_images']);

/**
 * The image files that a list of files and folders means: a file as it is, whatever its name; a folder with everything
 * below it that has the extension of an image, masks of the known dataset layouts left out. In order of name, numbers by
 * value; nothing twice.
 */
export async function findImages(paths: readonly string[]): Promise<Found> {
  const found = new Map<string, FoundImage>();
  const skipped: Found['skipped'] = [];
  for (const path of paths.map((given) => resolve(given))) {
    try {
      const files = (await stat(splitPage(path).file)).isDirectory()
        ? await imagesBelow(path, skipped)
        : [path];
      if (files.length === 0) {
        const kinds = imageExtensions.join(' ');
        throw new PerchError(
          'NO_IMAGES',
          `${path} holds no images (looked for ${kinds}, in all folders below it).`,
        );
      }
      for (const file of files)
        if (!found.has(file)) found.set(file, { path: file, root: path, ...classOf(file) });
    } catch (cause) {
      skipped.push({ path, error: cause instanceof PerchError ? cause : unreadable(path, cause) });
    }
  }
  return { images: [...found.values()], skipped };
}

async function imagesBelow(folder: string, skipped: Found['skipped']): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort(byName);
  const images: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (MASK_FOLDERS.has(entry.name.toLowerCase())) continue;
      try {
        images.push(...(await imagesBelow(path, skipped)));
      } catch (cause) {
        skipped.push({ path, error: unreadable(path, cause) });
      }
    } else if (isImageName(entry.name)) {
      images.push(path);
    }
  }
  return images;
}

const collator = new Intl.Collator('en', { numeric: true });

function byName(a: Dirent, b: Dirent): number {
  return collator.compare(a.name, b.name);
}

/** An MVTec AD tree is `<class>/test|train/<kind>/<file>`; elsewhere the file's own folder is its class. */
function classOf(file: string): { textureClass: string; classFolder: string } {
  const kind = dirname(file);
  const split = dirname(kind);
  const classFolder = ['test', 'train'].includes(basename(split)) ? dirname(split) : kind;
  return { textureClass: basename(classFolder), classFolder };
}
