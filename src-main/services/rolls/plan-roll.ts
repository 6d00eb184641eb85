import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readError } from '../../files/read.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import type { Store } from '../../store/store.ts';
import { folder } from '../datasets/layouts/folder.ts';
import type { ImportPlan } from '../datasets/plan-import.ts';
import type { StatedRoll } from './state-roll.ts';

/** The absolute path of a roll, links resolved. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function resolveRoll(given: string): Promise<{ path: string; isFolder: boolean }> {
  const path = resolveUserPath(given);
  try {
    return { path: await realpath(path), isFolder: (await stat(path)).isDirectory() };
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** Plans the import of one roll into the dataset of its parent folder. A known roll keeps its class by default. */
export function planRoll(
  store: Store,
  { path, isFolder }: { path: string; isFolder: boolean },
  { textureClass, stated }: { textureClass: string | undefined; stated: StatedRoll },
): ImportPlan {
  const root = dirname(path);
  const known = store.images
    .listByPath(path)
    .find(({ dataset }) => store.datasets.get(dataset).root === root);
  const image = {
    path,
    name: basename(path),
    defectType: '',
    split: 'test' as const,
    normal: false,
    masks: [],
    strip: false,
    textureClass: textureClass ?? known?.textureClass ?? (basename(root) || root),
    // Frames stay stacked in their direction unless another one is stated.
    roll: { stated: { ...stated, direction: stated.direction ?? known?.direction }, isFolder },
  };
  return {
    layout: folder,
    root,
    wish: basename(root) || root,
    isAddition: true,
    images: [image],
    problems: [],
    skipped: [],
  };
}
