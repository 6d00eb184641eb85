import { basename, join } from 'node:path';
import { apart } from '../../library/adjacent-masks.ts';
import { splitOf } from '../../library/folder-names.ts';
import { type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import { planClasses } from './class-tree.ts';
import { type Layout, type PlannedImage, defaultIgnoreBorder } from './layout.ts';

/** KolektorSDD: `kos01/Part0.jpg` with its mask `kos01/Part0_label.bmp`, which is black if the part has no defect. */
export const kolektor: Layout = {
  name: 'kolektor',
  async matches(root, reader) {
    const { folders } = await reader.list(root);
    const items = folders.filter((name) => /^kos\d+$/i.test(name));
    if (items.length === 0) return false;
    const { images } = await reader.list(join(root, items[0]));
    return images.some((name) => /_label\.\w+$/i.test(name));
  },
  async plan(root, reader) {
    const { images, masks } = apart(await imagesBelow(reader, root));
    const planned = images.map(({ path, folders, name }): PlannedImage => ({
      path,
      textureClass: basename(root),
      defectType: '',
      split: 'test',
      normal: false,
      strip: false,
      name: [...folders, name].join('/'),
      masks: masks.get(path) ?? [],
    }));
    return { images: planned, problems: [] };
  },
  ignoreBorder: defaultIgnoreBorder,
};

/** KolektorSDD2: `{train,test}/10000.png` with its mask `10000_GT.png`, which is black if the surface has no defect. */
export const kolektor2: Layout = {
  name: 'kolektor-2',
  matches: async (root, reader) => await allMasked(root, reader),
  plan: planClasses,
  ignoreBorder: defaultIgnoreBorder,
};

/** Whether `test` directly contains images, each with a mask named `_GT`. */
async function allMasked(root: string, reader: FolderReader): Promise<boolean> {
  const { folders } = await reader.list(root);
  const test = folders.find((name) => splitOf(name) === 'test');
  if (test === undefined) return false;
  const { images: names, folders: kinds } = await reader.list(join(root, test));
  const files = names.map((name) => ({ path: join(root, test, name), folders: [], name }));
  const { images, masks } = apart(files);
  return kinds.length === 0 && images.length > 0 && images.every(({ path }) => masks.has(path));
}
