import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { LayoutChoice, Layout as LayoutName } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import { readError } from '../../files/read.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import { FolderReader, imagesBelow, type SkippedFiles, listFolder } from '../library/folder-listing.ts';
import { isGoodName, splitOf } from '../library/folder-names.ts';
import { folder, planFiles } from './layouts/folder.ts';
import { defectTypes } from './layouts/defect-types.ts';
import type { Layout, Plan } from './layouts/layout.ts';
import { layoutByName, detectLayout } from './layouts/layouts.ts';
import { mvtec } from './layouts/mvtec.ts';

/** The images of an import and the roles of its folders. */
export interface ImportPlan extends Plan {
  layout: Layout;
  /** Absolute, links resolved. */
  root: string;
  /** Default dataset name, which is the name of the chosen folder. */
  wish: string;
  /** Whether the images follow those that the dataset has. */
  isAddition?: boolean;
  skipped: SkippedFiles[];
}

/**
 * Plans an import: finds the root and its layout, and lists the images. No image is read.
 *
 * @param stored returns the layout of an existing dataset, which keeps it
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NO_IMAGES`, `UNKNOWN_LAYOUT`, `CONFLICT`
 */
export async function planImport(
  paths: readonly string[],
  choice: LayoutChoice,
  stored: (root: string) => LayoutName | undefined,
): Promise<ImportPlan> {
  const resolved = await Promise.all(paths.map(resolvePath));
  const whole = resolved.length === 1 && resolved[0].isFolder;
  const reader = new FolderReader();
  const root = whole ? await unwrapFolder(resolved[0].path, reader) : commonFolder(resolved);
  const layout = await layoutOf(root, whole, choice, stored(root), reader);
  const { blockedReason, ...plan } = whole
    ? await layout.plan(root, reader)
    : await planFiles(
        root,
        resolved.map(({ path }) => path),
      );
  const wish = basename(whole ? resolved[0].path : root) || root;
  if (whole) await accountForAll(root, plan, reader);
  const problems = [...unreadableFolders(reader), ...plan.problems];
  if (plan.images.length > 0) {
    const doubt = choice === 'auto' && stored(root) === undefined && blockedReason !== undefined;
    return {
      ...plan,
      problems,
      root,
      layout,
      wish,
      skipped: reader.skipped(),
      ...(doubt ? { blockedReason } : {}),
    };
  }
  throw new PerchError(
    'NO_IMAGES',
    problems[0]?.message ??
      `${root} contains no images in the layout "${layout.name}". Choose another layout or folder.`,
  );
}

/** Reports images that the layout does not include. */
async function accountForAll(root: string, { images, problems }: Plan, reader: FolderReader): Promise<void> {
  const known = new Set([
    ...images.flatMap(({ path, masks }) => [path, ...masks]),
    ...problems.map(({ path }) => path),
  ]);
  for (const { path } of await imagesBelow(reader, root)) {
    if (!known.has(path)) reader.skip('images outside the folders of the layout', path);
  }
}

function unreadableFolders({ unreadable: folders }: FolderReader): Plan['problems'] {
  return folders.map(({ path, error }) => ({ kind: 'unreadable', path, message: error.message }));
}

async function layoutOf(
  root: string,
  whole: boolean,
  choice: LayoutChoice,
  stored: LayoutName | undefined,
  reader: FolderReader,
): Promise<Layout> {
  if (stored !== undefined) {
    if (choice === 'auto' || choice === stored) return layoutByName(stored);
    throw new PerchError(
      'CONFLICT',
      `${root} is already in the store, in the layout "${stored}". Remove that dataset first to import the folder as "${choice}".`,
    );
  }
  if (!whole) {
    if (choice === 'auto' || choice === 'folder') return folder;
    throw new PerchError(
      'UNKNOWN_LAYOUT',
      `The layout "${choice}" applies to one folder. Name that folder alone.`,
    );
  }
  // An unreadable root is an error; unreadable folders below it are problems.
  await listFolder(root);
  if (choice === 'auto') return detectLayout(root, reader);
  const layout = layoutByName(choice);
  if ((await layout.matches(root, reader)) || choice === 'magnetic-tile') return layout;
  // Some layouts have the same structure and differ only in names. The user may override the detection.
  if ((await detectLayout(root, reader)).plan === layout.plan) return layout;
  throw new PerchError(
    'UNKNOWN_LAYOUT',
    `${root} does not have the layout "${choice}". Name its topmost folder, or let Perch detect the layout.`,
  );
}

interface ResolvedPath {
  path: string;
  isFolder: boolean;
}

async function resolvePath(given: string): Promise<ResolvedPath> {
  const path = resolveUserPath(given);
  try {
    return { path: await realpath(path), isFolder: (await stat(path)).isDirectory() };
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Enters a folder whose only entry is a folder, as in unpacked archives. A folder with a single class is
 * kept, because more classes may be added.
 */
async function unwrapFolder(path: string, reader: FolderReader): Promise<string> {
  const { folders, images } = await reader.list(path);
  if (folders.length !== 1 || images.length > 0) return path;
  const child = await reader.list(join(path, folders[0]));
  const layout = await detectLayout(path, reader);
  const isTree = layout.plan === mvtec.plan || layout === defectTypes;
  const isClass = child.folders.some((name) => splitOf(name) !== undefined || isGoodName(name));
  if (layout !== folder && (!isTree || isClass)) return path;
  const below = await unwrapFolder(child.path, reader);
  // For plain folders of images, the chosen folder is the dataset and its subfolders are the classes.
  return (await detectLayout(below, reader)) === folder ? path : below;
}

/** The deepest folder that contains all paths. */
function commonFolder(resolved: readonly ResolvedPath[]): string {
  let common = resolved[0].isFolder ? resolved[0].path : dirname(resolved[0].path);
  for (const { path } of resolved.slice(1)) {
    while (relative(common, path).split(sep)[0] === '..') common = dirname(common);
  }
  return common;
}
