import { dirname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Problem } from '../../../common/api/datasets.ts';
import { readRegular } from '../../../files/read.ts';
import { isGoodName } from '../../library/folder-names.ts';
import { type FileBelow, type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import { className, pairOthers } from './class-tree.ts';
import {
  entryNamed,
  GOOD,
  type Layout,
  pairingProblems,
  type PlannedImage,
  defaultIgnoreBorder,
} from './layout.ts';
import { type Placed, placedFile } from './pair-masks.ts';

/**
 * VisA as published: `<class>/Data/Images/{Normal,Anomaly}`, masks in `<class>/Data/Masks/Anomaly`, and
 * defect types in `<class>/image_anno.csv`. If `split_csv/1cls.csv` exists, it lists the normal images for
 * training; otherwise all are test images.
 */
export const visa: Layout = {
  name: 'visa',
  matches: async (root, reader) => (await visaClasses(root, reader)).length > 0,
  async plan(root, reader) {
    const images: PlannedImage[] = [];
    const problems: Problem[] = [];
    for (const path of await visaClasses(root, reader)) {
      const of = await planClass(root, path, reader);
      images.push(...of.images);
      problems.push(...of.problems);
    }
    return { images, problems };
  },
  ignoreBorder: defaultIgnoreBorder,
};

/** Folders with `Data/Images`. */
async function visaClasses(root: string, reader: FolderReader): Promise<string[]> {
  const found: string[] = [];
  const top = await reader.list(root);
  for (const path of [root, ...top.folders.map((name) => join(root, name))]) {
    const data = entryNamed((await reader.list(path)).folders, 'Data');
    if (data === undefined) continue;
    const { folders } = await reader.list(join(path, data));
    if (entryNamed(folders, 'Images') !== undefined) found.push(path);
  }
  return found;
}

async function planClass(root: string, path: string, reader: FolderReader) {
  const textureClass = className(root, path);
  const problems: Problem[] = [];
  const data = join(path, entryNamed((await reader.list(path)).folders, 'Data') ?? '');
  const { folders } = await reader.list(data);
  const kinds = await kindsOf(path, reader, problems);
  const training = await trainingOf(root, path, reader, problems);
  const files = await imagesBelow(reader, join(data, entryNamed(folders, 'Images') ?? ''));
  const images = files.map((file): PlannedImage => {
    const [state = ''] = file.folders;
    const normal = isGoodName(state);
    return {
      path: file.path,
      textureClass,
      strip: false,
      normal,
      masks: [],
      name: [...file.folders, file.name].join('/'),
      defectType: normal ? GOOD : (kinds.get(foldedEnd(file)) ?? state.toLowerCase()),
      split: normal && training.has(file.path) ? 'train' : 'test',
    };
  });
  const masks = entryNamed(folders, 'Masks');
  if (masks !== undefined) {
    const placed: Placed[] = files.map(placedFile);
    const found = await imagesBelow(reader, join(data, masks));
    problems.push(...pairingProblems(pairOthers(images, placed, found)));
  }
  return { images, problems };
}

/** `anomaly/000.jpg` */
const foldedEnd = ({ folders, name }: Pick<FileBelow, 'folders' | 'name'>) =>
  [folders.at(-1) ?? '', name].join('/').normalize('NFC').toLowerCase();

/** Defect types by the ends of their images' paths. */
async function kindsOf(
  path: string,
  reader: FolderReader,
  problems: Problem[],
): Promise<Map<string, string>> {
  const rows = await readTable(path, 'image_anno.csv', reader, problems);
  return new Map(
    rows.flatMap(({ image, label }) => {
      const [name = '', folder = ''] = (image ?? '').split('/').reverse();
      return label ? [[foldedEnd({ folders: [folder], name }), label] as const] : [];
    }),
  );
}

/** Paths of the images that a class's split assigns to training. */
async function trainingOf(
  root: string,
  path: string,
  reader: FolderReader,
  problems: Problem[],
): Promise<Set<string>> {
  for (const top of new Set([root, dirname(path)])) {
    const folder = entryNamed((await reader.list(top)).folders, 'split_csv');
    if (folder === undefined) continue;
    const rows = await readTable(join(top, folder), '1cls.csv', reader, problems);
    const own = `${relative(top, path).replaceAll('\\', '/')}/`;
    const training = rows.filter(({ split, image }) => split === 'train' && image?.startsWith(own));
    return new Set(training.map(({ image }) => join(top, image ?? '')));
  }
  return new Set();
}

/** The rows of a CSV file by their column names; empty if the file does not exist. */
async function readTable(
  folder: string,
  name: string,
  reader: FolderReader,
  problems: Problem[],
): Promise<Record<string, string | undefined>[]> {
  const file = entryNamed((await reader.list(folder)).others, name);
  if (file === undefined) return [];
  const path = join(folder, file);
  reader.use(path);
  try {
    return parse((await readRegular(path)).toString('utf8'), {
      columns: true,
      bom: true,
      trim: true,
      relax_column_count: true,
    });
  } catch (cause) {
    const reason = (cause as Error).message;
    problems.push({
      kind: 'unreadable',
      path,
      message: `Cannot read ${path} as CSV, so it is not used: ${reason}`,
    });
    return [];
  }
}
