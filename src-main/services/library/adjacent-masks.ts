import { dirname, extname } from 'node:path';
import type { FileBelow } from './folder-listing.ts';
import { imageStemOf } from './folder-names.ts';

export function stemOf(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

/**
 * Masks next to their images: the mask's name, without its suffix, is the name of an image in the same
 * folder.
 */
export function apart(files: readonly FileBelow[]): { images: FileBelow[]; masks: Map<string, string[]> } {
  const keyOf = (path: string, stem: string) => `${dirname(path)}/${stem}`.normalize('NFC').toLowerCase();
  const byStem = Map.groupBy(files, ({ path, name }) => keyOf(path, stemOf(name)));
  const masks = new Map<string, string[]>();
  const images = files.filter(({ path, name }) => {
    const stem = stemOf(name);
    const imageStem = imageStemOf(stem);
    const image = imageStem === stem ? undefined : byStem.get(keyOf(path, imageStem))?.[0];
    if (image === undefined) return true;
    masks.set(image.path, [...(masks.get(image.path) ?? []), path]);
    return false;
  });
  return { images, masks };
}
