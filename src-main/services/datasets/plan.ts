import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { LayoutChoice, Layout as LayoutName } from '../../api/datasets.ts';
import { PerchError } from '../../api/errors.ts';
import { unreadable } from '../../files/read.ts';
import { listFolder } from './layouts/folder-listing.ts';
import { folder, planFiles } from './layouts/folder.ts';
import type { Layout, Plan } from './layouts/layout.ts';
import { layoutNamed, recognise } from './layouts/layouts.ts';

/** What an import would take, and as what. */
export interface ImportPlan extends Plan {
  layout: Layout;
  /** Absolute, links resolved. */
  root: string;
}

/**
 * Plans an import: finds the root and its layout, and lists the images. No image is read.
 *
 * @param stored the layout that the store knows a root by; a dataset keeps its layout
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NO_IMAGES`, `UNKNOWN_LAYOUT`, `CONFLICT`
 */
export async function planImport(
  paths: readonly string[],
  choice: LayoutChoice,
  stored: (root: string) => LayoutName | undefined,
): Promise<ImportPlan> {
  const places = await Promise.all(paths.map(place));
  const root =
    places.length === 1 && places[0].isFolder ? await innermost(places[0].path) : commonFolder(places);
  const whole = places.length === 1 && places[0].isFolder;
  const layout = await layoutOf(root, whole, choice, stored(root));
  const plan = whole
    ? await layout.plan(root)
    : await planFiles(
        root,
        places.map(({ path }) => path),
      );
  if (plan.images.length > 0) return { ...plan, root, layout };
  throw new PerchError(
    'NO_IMAGES',
    plan.problems[0]?.message ?? `${root} holds no images in the layout "${layout.name}".`,
  );
}

async function layoutOf(
  root: string,
  whole: boolean,
  choice: LayoutChoice,
  stored: LayoutName | undefined,
): Promise<Layout> {
  if (stored !== undefined) {
    if (choice === 'auto' || choice === stored) return layoutNamed(stored);
    throw new PerchError(
      'CONFLICT',
      `${root} is in the store already, in the layout "${stored}". Remove that dataset first to import it as "${choice}".`,
    );
  }
  if (!whole) {
    if (choice === 'auto' || choice === 'folder') return folder;
    throw new PerchError(
      'UNKNOWN_LAYOUT',
      `The layout "${choice}" is that of one folder; name that folder alone.`,
    );
  }
  const listing = await listFolder(root);
  if (choice === 'auto') return recognise(listing);
  const layout = layoutNamed(choice);
  if (await layout.recognises(listing)) return layout;
  // Layouts that share a shape tell each other apart by names, which a person may overrule.
  if ((await recognise(listing)).plan === layout.plan) return layout;
  throw new PerchError(
    'UNKNOWN_LAYOUT',
    `${root} does not have the layout "${choice}". Name its topmost folder, or leave the layout to be recognised.`,
  );
}

interface Place {
  path: string;
  isFolder: boolean;
}

async function place(given: string): Promise<Place> {
  const path = resolve(given);
  try {
    return { path: await realpath(path), isFolder: (await stat(path)).isDirectory() };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** A folder whose only entry is a folder stands for that one: archives are often unpacked so. */
async function innermost(path: string): Promise<string> {
  const { folders, images } = await listFolder(path);
  const listing = { path, name: basename(path), folders, images };
  if (folders.length !== 1 || images.length > 0 || (await recognise(listing)) !== folder) return path;
  return innermost(join(path, folders[0]));
}

/** The folder that holds all of them. */
function commonFolder(places: readonly Place[]): string {
  let common = places[0].isFolder ? places[0].path : dirname(places[0].path);
  for (const { path } of places.slice(1)) {
    while (relative(common, path).split(sep)[0] === '..') common = dirname(common);
  }
  return common;
}
