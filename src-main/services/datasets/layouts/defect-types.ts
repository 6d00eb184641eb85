import { dirname, join } from 'node:path';
import type { Problem } from '../../../common/api/datasets.ts';
import { isGoodName, maskFolder, splitOf } from '../../library/folder-names.ts';
import { type Folder, type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import { className, masksBelow, pairOthers, planKinds } from './class-tree.ts';
import { type Layout, pairingProblems, type PlannedImage, defaultIgnoreBorder } from './layout.ts';

/** Maximum number of folders between the root and a class. */
const DEPTH = 4;

/**
 * `<class>/<defect type>/<file>` without splits; one defect type is named `good`, `ok` or `normal`. All images are test images. The
 * `test` folder of an MVTec AD class also has this layout if it is imported on its own; its parent folder is the class and contains the masks.
 */
export const defectTypes: Layout = {
  name: 'defect-types',
  matches: async (root, reader) => (await foldersWithDefectTypes(root, reader)).length > 0,
  async plan(root, reader) {
    const images: PlannedImage[] = [];
    const problems: Problem[] = [];
    for (const { folder, textureClass, parent } of await foldersWithDefectTypes(root, reader)) {
      const split = splitOf(folder.name) ?? 'test';
      const of = await planKinds(folder, { textureClass, split, prefix: '' }, reader);
      problems.push(...of.problems);
      if (parent !== undefined) {
        const { ambiguous } = pairOthers(of.images, of.placed, await masksBelow(parent, reader));
        problems.push(...pairingProblems({ unpaired: [], ambiguous }));
      }
      images.push(...of.images);
    }
    return { images, problems };
  },
  ignoreBorder: defaultIgnoreBorder,
};

interface FolderWithDefectTypes {
  folder: Folder;
  textureClass: string;
  /** The class folder, if the folder with the defect types is one of its splits. */
  parent?: Folder;
}

async function foldersWithDefectTypes(root: string, reader: FolderReader): Promise<FolderWithDefectTypes[]> {
  const top = await reader.list(root);
  const parent = splitOf(top.name) === undefined ? undefined : await reader.list(dirname(root));
  const isSplit = parent?.folders.some(
    (name) => name !== top.name && (splitOf(name) !== undefined || maskFolder(name) === 'masks'),
  );
  if (parent && isSplit) return [{ folder: top, textureClass: parent.name, parent }];
  const found: FolderWithDefectTypes[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const folder = await reader.list(path);
    if (await hasGood(folder, reader)) {
      const textureClass = path === root && parent ? parent.name : className(root, path);
      found.push({ folder, textureClass });
    } else if (depth < DEPTH) {
      for (const name of folder.folders) await walk(join(path, name), depth + 1);
    }
  };
  await walk(root, 0);
  return found;
}

async function hasGood(folder: Folder, reader: FolderReader): Promise<boolean> {
  for (const name of folder.folders.filter(isGoodName)) {
    if ((await imagesBelow(reader, join(folder.path, name))).length > 0) return true;
  }
  return false;
}
