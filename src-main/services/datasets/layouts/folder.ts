import { basename, relative } from 'node:path';
import { findImages } from '../../library/find-images.ts';
import { type Layout, type Plan, smallBorder } from './layout.ts';

/** Any tree of images: the folder that an image lies in is its class, and nothing is known of its ground truth. */
export const folder: Layout = {
  name: 'folder',
  recognises: async () => true,
  plan: (root) => planFiles(root, [root]),
  border: smallBorder,
};

/** The images of files and folders below a root. */
export async function planFiles(root: string, paths: readonly string[]): Promise<Plan> {
  const { images, skipped } = await findImages(paths);
  return {
    images: images.map(({ path, classFolder }) => ({
      path,
      name: slashed(relative(classFolder, path)),
      textureClass: slashed(relative(root, classFolder)) || basename(root) || root,
      ...{ kind: '', split: 'test' as const, normal: false, masks: [], strip: false },
    })),
    problems: skipped.map(({ path, error }) => ({ kind: 'unreadable', path, message: error.message })),
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
