import { basename, extname, join } from 'node:path';
import type { Problem } from '../../../api/datasets.ts';
import { entryNamed, type Folder, listBelow, listFolder } from './folder-listing.ts';
import { type Layout, type Plan, type PlannedImage, smallBorder } from './layout.ts';

/** MVTec AD at full size: shorter sides of 840 to 1024 pixels. */
const FULL_SIZE = 800;

/** `<class>/{train,test}/<kind>/<file>`, masks in `<class>/ground_truth/<kind>/<stem>_mask.png`; or one such class alone. */
export const mvtec: Layout = {
  name: 'mvtec',
  recognises: async (root) => (await classFolders(root)).length > 0,
  plan: planClasses,
  border: (side) => (side >= FULL_SIZE ? 100 : smallBorder(side)),
};

/** The class folders of a tree in this layout: those with a folder `test`. */
export async function classFolders(root: Folder): Promise<string[]> {
  if (root.folders.includes('test')) return [root.path];
  const folders = await Promise.all(
    root.folders.map((name) => listFolder(join(root.path, name)).catch(() => undefined)),
  );
  return folders.flatMap((folder) => (folder?.folders.includes('test') ? [folder.path] : []));
}

/** The images of every class of a tree in this layout. */
export async function planClasses(root: string): Promise<Plan> {
  const plan: Plan = { images: [], problems: [] };
  for (const path of await classFolders(await listFolder(root))) {
    const folder = await listBelow(path, plan.problems);
    const masks = await masksOf(folder, plan.problems);
    for (const split of ['train', 'test'] as const) {
      if (folder.folders.includes(split))
        plan.images.push(...(await planSplit(folder, split, masks, plan.problems)));
    }
    for (const mask of masks.unused()) plan.problems.push(maskWithoutImage(mask));
  }
  return plan;
}

async function planSplit(
  { path, name: textureClass }: Folder,
  split: 'train' | 'test',
  masks: MaskIndex,
  problems: Problem[],
): Promise<PlannedImage[]> {
  const images: PlannedImage[] = [];
  const top = await listBelow(join(path, split), problems);
  const kinds = await Promise.all(top.folders.map((kind) => listBelow(join(top.path, kind), problems)));
  for (const [kind, folder] of [
    ['', top] as const,
    ...kinds.map((folder) => [folder.name, folder] as const),
  ]) {
    for (const file of folder.images) {
      images.push({
        path: join(folder.path, file),
        name: [split, kind, file].filter((part) => part !== '').join('/'),
        ...{ textureClass, kind: split === 'train' ? 'good' : kind, split, strip: false },
        normal: split === 'train' || kind === 'good',
        masks: split === 'train' ? [] : masks.take(kind, stemOf(file)),
      });
    }
  }
  return images;
}

export function maskWithoutImage(path: string): Problem {
  return { kind: 'mask-without-image', path, message: `${path} is the mask of no image of the dataset.` };
}

/** The masks of a class by the kind and the stem of their image. */
class MaskIndex {
  readonly #masks = new Map<string, string[]>();

  add(kind: string, stem: string, path: string): void {
    const key = `${kind}/${stem}`;
    this.#masks.set(key, [...(this.#masks.get(key) ?? []), path]);
  }

  take(kind: string, stem: string): string[] {
    const key = `${kind}/${stem}`;
    const masks = this.#masks.get(key) ?? [];
    this.#masks.delete(key);
    return masks;
  }

  unused(): string[] {
    return [...this.#masks.values()].flat();
  }
}

async function masksOf(folder: Folder, problems: Problem[]): Promise<MaskIndex> {
  const index = new MaskIndex();
  const name = entryNamed(folder.folders, 'ground_truth');
  if (name === undefined) return index;
  const top = await listBelow(join(folder.path, name), problems);
  for (const kind of ['', ...top.folders]) {
    const masks = kind === '' ? top : await listBelow(join(top.path, kind), problems);
    for (const file of masks.images) index.add(kind, imageStem(file), join(masks.path, file));
  }
  return index;
}

/** The stem of the image that a mask is of: `000` for `000_mask.png`, `000_mask2.png` and `000.png`. */
export function imageStem(mask: string): string {
  return stemOf(mask).replace(/_mask\d*$/, '');
}

export function stemOf(file: string): string {
  return basename(file, extname(file));
}
