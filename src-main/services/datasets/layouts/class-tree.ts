import { basename, join, relative } from 'node:path';
import type { Problem } from '../../../common/api/datasets.ts';
import { apart } from '../../library/adjacent-masks.ts';
import { isGoodName, isImagesName, maskFolder, splitOf, type SplitName } from '../../library/folder-names.ts';
import { type FileBelow, type Folder, type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import { GOOD, pairingProblems, type Plan, type PlannedImage } from './layout.ts';
import { pairMasks, type Pairs, type Placed, placedFile } from './pair-masks.ts';

/** Maximum number of folders between the root and a class. */
const DEPTH = 4;

/** A folder that is one texture class and contains splits. */
export interface ClassFolder {
  name: string;
  folder: Folder;
}

/**
 * The class folders of a tree like that of MVTec AD. A class folder has a folder `test`, or `train` and a folder of masks or validation
 * images. Next to such a class, a folder with only `train` is a class as well. Names match in any case and spelling.
 */
export async function classFolders(root: string, reader: FolderReader): Promise<ClassFolder[]> {
  const found: { folder: Folder; whole: boolean }[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const folder = await reader.list(path);
    const splits = folder.folders.map(splitOf);
    const supported =
      splits.includes('validation') || folder.folders.some((name) => maskFolder(name) === 'masks');
    const whole = splits.includes('test') || (splits.includes('train') && supported);
    if (whole || splits.includes('train')) found.push({ folder, whole });
    else if (depth < DEPTH) {
      for (const name of folder.folders)
        if (maskFolder(name) !== 'masks') await walk(join(path, name), depth + 1);
    }
  };
  await walk(root, 0);
  if (!found.some(({ whole }) => whole)) return [];
  return found.map(({ folder }) => ({ folder, name: className(root, folder.path) }));
}

/** A class is named after its folder and the folders between it and the root. */
export function className(root: string, path: string): string {
  return relative(root, path).replaceAll('\\', '/') || basename(root) || root;
}

/** The images of every class in such a tree. */
export async function planClasses(root: string, reader: FolderReader): Promise<Plan> {
  const plan: Plan = { images: [], problems: [] };
  for (const { name, folder } of await classFolders(root, reader)) {
    // If classes are below the splits, each one is planned as if it contained the splits.
    const below = await classesBelowSplits(folder, reader);
    const classes = below.length > 0 ? below.map((of) => [of, of] as const) : [[name, ''] as const];
    for (const [textureClass, inSplits] of classes) {
      const { images, problems } = await planClass(textureClass, folder, inSplits, reader);
      plan.images.push(...images);
      plan.problems.push(...problems);
    }
  }
  return plan;
}

/**
 * The classes of a tree `test/<class>/<defect type>`: folders of a split that contain a folder of normal
 * images.
 */
async function classesBelowSplits(folder: Folder, reader: FolderReader): Promise<string[]> {
  const classes = new Set<string>();
  for (const split of folder.folders.filter((name) => splitOf(name) !== undefined)) {
    const { path, folders } = await reader.list(join(folder.path, split));
    for (const name of folders)
      if ((await reader.list(join(path, name))).folders.some(isGoodName)) classes.add(name);
  }
  return [...classes];
}

/**
 * @param inSplits the class's folder in each split and in the folders of masks; empty if the class contains
 * the splits
 */
async function planClass(
  textureClass: string,
  folder: Folder,
  inSplits: string,
  reader: FolderReader,
): Promise<Plan> {
  const images: PlannedImage[] = [];
  const problems: Problem[] = [];
  const placed: Placed[] = [];
  const splits = folder.folders
    .flatMap((name) => ({ name, split: splitOf(name) }))
    .sort((a, b) => ORDER.indexOf(a.split ?? 'test') - ORDER.indexOf(b.split ?? 'test'));
  for (const { name, split } of splits) {
    if (split === undefined) continue;
    const parent = await reader.list(join(folder.path, name));
    if (inSplits !== '' && !parent.folders.includes(inSplits)) continue;
    const top = inSplits === '' ? parent : await reader.list(join(parent.path, inSplits));
    const prefix = inSplits === '' ? name : `${name}/${inSplits}`;
    const of = await planKinds(top, { textureClass, split, prefix }, reader);
    images.push(...of.images);
    placed.push(...of.placed);
    problems.push(...of.problems);
  }
  // Splits may reuse image numbers, and masks belong to test images.
  const masks = (await masksBelow(folder, reader)).flatMap((mask) => {
    if (inSplits === '') return [mask];
    const [first, ...kept] = mask.folders;
    return first === inSplits ? [{ ...mask, folders: kept }] : [];
  });
  const [test, others] = [true, false].map((is) => images.filter(({ split }) => (split === 'test') === is));
  const pairs = pairOthers(test, placed, masks);
  const left = new Set(pairs.unpaired);
  const rest = pairOthers(
    others,
    placed,
    masks.filter(({ path }) => left.has(path)),
  );
  problems.push(...pairingProblems({ ...rest, ambiguous: [...pairs.ambiguous, ...rest.ambiguous] }));
  return { images, problems };
}

/** Splits in the order that a dataset shows them. */
const ORDER: readonly SplitName[] = ['train', 'validation', 'test'];

/** Assigns masks to images that have none yet. */
export function pairOthers(
  images: readonly PlannedImage[],
  placed: readonly Placed[],
  masks: readonly FileBelow[],
): Pairs {
  const byPath = new Map(images.map((image) => [image.path, image]));
  const open = placed.filter(({ path }) => byPath.get(path)?.masks.length === 0);
  const pairs = pairMasks(open, masks.map(placedFile));
  for (const [path, of] of pairs.masks) byPath.get(path)?.masks.push(...of);
  return pairs;
}

/** Files in the mask folders of a folder, without a split's name at the top of their path. */
export async function masksBelow(folder: Folder, reader: FolderReader): Promise<FileBelow[]> {
  const found: FileBelow[] = [];
  for (const name of folder.folders.filter((entry) => maskFolder(entry) !== undefined)) {
    for (const file of await imagesBelow(reader, join(folder.path, name))) {
      const [first, ...others] = file.folders;
      found.push(first !== undefined && splitOf(first) ? { ...file, folders: others } : file);
    }
  }
  return found;
}

/**
 * The images of a folder whose subfolders are defect types; images directly in it have no defect type. Masks are in a mask folder of
 * the folder or of the defect type, or next to the images, named `STEM_mask`, `STEM_GT` or similar. If all images have such a mask,
 * an image with an empty mask is normal.
 */
export async function planKinds(
  top: Folder,
  { textureClass, split, prefix }: { textureClass: string; split: SplitName; prefix: string },
  reader: FolderReader,
): Promise<{ images: PlannedImage[]; placed: Placed[]; problems: Problem[] }> {
  const atTop = await masksBelow(top, reader);
  const ofMasks = new Set(atTop.map(({ path }) => path));
  const below = (await imagesBelow(reader, top.path)).filter(({ path }) => !ofMasks.has(path));
  const { images: files = [], masks: inKinds = [] } = Object.groupBy(below, ({ folders }) =>
    folders.slice(1).some((name) => maskFolder(name) === 'masks') ? 'masks' : 'images',
  );
  const own = [...atTop, ...inKinds.map(withoutMaskSuffix)];
  const { images: found, masks: adjacent } = apart(files);
  const masksDecide = found.every(({ path }) => adjacent.has(path));
  const images = found.map(({ path, folders, name }): PlannedImage => {
    const [kind = ''] = folders;
    const normal = isGoodName(kind) || (split !== 'test' && !masksDecide);
    return {
      path,
      textureClass,
      strip: false,
      normal,
      defectType: normal ? GOOD : kind,
      name: [prefix, ...folders, name].filter((part) => part !== '').join('/'),
      split: split === 'test' ? 'test' : 'train',
      masks: adjacent.get(path) ?? [],
    };
  });
  const placed = found.map((file) => placedFile(withoutMaskSuffix(file)));
  return { images, placed, problems: pairingProblems(pairOthers(images, placed, own)) };
}

/** `hole/images/000.png` and `hole/masks/000.png` belong together. */
function withoutMaskSuffix(file: FileBelow): FileBelow {
  const [kind, ...folders] = file.folders;
  if (kind === undefined) return file;
  const kept = folders.filter((name) => !isImagesName(name) && maskFolder(name) !== 'masks');
  return { ...file, folders: [kind, ...kept] };
}
