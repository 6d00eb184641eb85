import { join } from 'node:path';
import type { FolderReader } from '../../library/folder-listing.ts';
import { stemOf } from '../../library/adjacent-masks.ts';
import { maskFolder, splitOf } from '../../library/folder-names.ts';
import { type ClassFolder, classFolders, planClasses } from './class-tree.ts';
import { type Layout, defaultIgnoreBorder } from './layout.ts';

/** MVTec AD at full size: shorter sides of 840 to 1024 pixels. */
const FULL_SIZE = 800;

/**
 * `<class>/{train,test}/<defect type>/<file>`, masks in `<class>/ground_truth/<defect type>/<stem>_mask.png`; or a single class folder.
 * Names match in any case and in common variants (`Test`, `ok`, `masks`, `000_GT`).
 */
export const mvtec: Layout = {
  name: 'mvtec',
  matches: async (root, reader) => (await classFolders(root, reader)).length > 0,
  plan: planClasses,
  ignoreBorder: (side) => (side >= FULL_SIZE ? 100 : defaultIgnoreBorder(side)),
};

/** MVTec AD 2: splits `train`, `validation`, `test_public` (which contains its masks) and `test_private` (without ground truth). */
export const mvtecAd2: Layout = {
  name: 'mvtec-ad-2',
  matches: (root, reader) =>
    someClass(root, reader, ({ folder }) =>
      folder.folders.some((name) => /^test_(public|private)/i.test(name)),
    ),
  plan: planClasses,
  ignoreBorder: defaultIgnoreBorder,
};

/**
 * MVTec LOCO: the masks of an image are a folder, `<class>/ground_truth/<defect type>/<stem>/000.png`, and
 * each has its own value.
 */
export const mvtecLoco: Layout = {
  name: 'mvtec-loco',
  matches: (root, reader) =>
    someClass(root, reader, async ({ folder }) => {
      const test = folder.folders.find((name) => splitOf(name) === 'test');
      const kinds = test === undefined ? [] : (await reader.list(join(folder.path, test))).folders;
      if (kinds.some((kind) => /^(logical|structural)_anomalies$/i.test(kind))) return true;
      for (const name of folder.folders.filter((entry) => maskFolder(entry) === 'masks')) {
        const truth = await reader.list(join(folder.path, name));
        for (const kind of truth.folders.filter((entry) => kinds.includes(entry))) {
          const listed = await reader.list(join(truth.path, kind));
          // The folders have the names of their images.
          const { images } = await reader.list(join(folder.path, test ?? '', kind));
          const stems = new Set(images.map(stemOf));
          if (listed.images.length === 0 && listed.folders.some((stem) => stems.has(stem))) return true;
        }
      }
      return false;
    }),
  plan: planClasses,
  ignoreBorder: defaultIgnoreBorder,
};

/** BTAD: classes `01`, `02` and `03` with the defect types `ok` and `ko`. */
export const btad: Layout = {
  name: 'btad',
  matches: (root, reader) =>
    someClass(root, reader, async ({ folder }) => {
      const test = folder.folders.find((name) => splitOf(name) === 'test');
      const kinds = test === undefined ? [] : (await reader.list(join(folder.path, test))).folders;
      return kinds.length > 0 && kinds.every((kind) => /^(ok|ko)$/i.test(kind));
    }),
  plan: planClasses,
  ignoreBorder: defaultIgnoreBorder,
};

async function someClass(
  root: string,
  reader: FolderReader,
  matches: (folder: ClassFolder) => boolean | Promise<boolean>,
): Promise<boolean> {
  for (const folder of await classFolders(root, reader)) if (await matches(folder)) return true;
  return false;
}
