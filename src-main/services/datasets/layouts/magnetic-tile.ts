import { basename, dirname, join } from 'node:path';
import { stemOf } from '../../library/adjacent-masks.ts';
import { type FileBelow, type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import { isGoodName } from '../../library/folder-names.ts';
import {
  GOOD,
  type Layout,
  maskWithoutImage,
  type Plan,
  type PlannedImage,
  defaultIgnoreBorder,
} from './layout.ts';

/**
 * Magnetic tile defects as published: `MT_<Kind>/Imgs/exp1_num_1.jpg`, its mask the PNG of the same name next
 * to it. `MT_Free` contains the normal ones. The user may choose this layout for any tree in which masks are
 * next to images with the same name.
 */
export const magneticTile: Layout = {
  name: 'magnetic-tile',
  matches: async (root, reader) => (await tileFolders(root, reader)).length > 0,
  async plan(root, reader) {
    const named = await tileFolders(root, reader);
    const folders = named.length > 0 ? named : [root];
    const plan: Plan = { images: [], problems: [] };
    for (const folder of folders) {
      const isTile = named.length > 0;
      const textureClass = basename(isTile && folder === root ? dirname(root) : root);
      const of = planFolder(folder, await imagesBelow(reader, folder), { textureClass, isTile, root });
      plan.images.push(...of.images);
      plan.problems.push(...of.problems);
    }
    return plan;
  },
  ignoreBorder: defaultIgnoreBorder,
};

/** Folders `MT_<Kind>` with `Imgs`: below the root, or the root itself. */
async function tileFolders(root: string, reader: FolderReader): Promise<string[]> {
  const top = await reader.list(root);
  const found: string[] = [];
  for (const path of [root, ...top.folders.map((name) => join(root, name))]) {
    if (!/^mt_/i.test(basename(path))) continue;
    if ((await reader.list(path)).folders.some((name) => /^imgs$/i.test(name))) found.push(path);
  }
  return found;
}

function planFolder(
  folder: string,
  files: readonly FileBelow[],
  { textureClass, isTile, root }: { textureClass: string; isTile: boolean; root: string },
): Plan {
  const { images, masks, alone } = twins(files);
  const tile = basename(folder).replace(/^mt_/i, '');
  const planned = images.map(({ path, folders, name }): PlannedImage => {
    // In other trees, the masks decide which images are defective.
    const kind = isTile ? tile : '';
    const normal = isTile ? /^free$/i.test(tile) : folders.some(isGoodName);
    return {
      path,
      textureClass,
      split: 'test',
      strip: false,
      normal,
      defectType: normal ? GOOD : kind,
      name: [...(folder === root ? [] : [basename(folder)]), ...folders, name].join('/'),
      masks: masks.get(path) ?? [],
    };
  });
  return { images: planned, problems: alone.map(maskWithoutImage) };
}

/** Mask extensions by the extension of the image with the same name. */
const isMaskName = (name: string) => /\.(png|bmp|pgm)$/i.test(name);

/**
 * Pairs files with the same stem: a photograph (`.jpg`) and a mask in a lossless format. Both are in the same folder, or in two sibling
 * folders of which one contains only photographs and the other none.
 *
 * @returns `alone`: files with the extension of a mask but without an image, if other masks have images
 */
export function twins(files: readonly FileBelow[]): {
  images: FileBelow[];
  masks: Map<string, string[]>;
  alone: string[];
} {
  const folders = Map.groupBy(files, ({ path }) => dirname(path));
  const isPure = (folder: string) =>
    new Set(folders.get(folder)?.map(({ name }) => isMaskName(name))).size === 1;
  const keyOf = ({ path, name }: FileBelow) => {
    const folder = dirname(path);
    return `${isPure(folder) ? dirname(folder) : folder}/${stemOf(name)}`.normalize('NFC').toLowerCase();
  };
  const masks = new Map<string, string[]>();
  const groups = Map.groupBy(files, keyOf);
  const images: FileBelow[] = [];
  const alone: string[] = [];
  for (const file of files) {
    const [image, ...others] = (groups.get(keyOf(file)) ?? []).filter(({ name }) => !isMaskName(name));
    if (!isMaskName(file.name)) images.push(file);
    else if (image && others.length === 0)
      masks.set(image.path, [...(masks.get(image.path) ?? []), file.path]);
    else alone.push(file.path);
  }
  // Without a single pair, the extension says nothing.
  if (masks.size === 0) return { images: [...files], masks, alone: [] };
  return { images, masks, alone };
}
