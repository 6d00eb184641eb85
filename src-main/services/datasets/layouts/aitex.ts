import { join } from 'node:path';
import type { Problem } from '../../../api/datasets.ts';
import { entryNamed, type Folder, listBelow, listFolder } from './folder-listing.ts';
import { type Layout, type Plan, type PlannedImage, smallBorder } from './layout.ts';
import { imageStem, maskWithoutImage, stemOf } from './mvtec.ts';

/**
 * AITEX: strips of fabric, `Defect_images/NNNN_DDD_FF.png` (number, kind of defect, fabric), their masks in
 * `Mask_images/NNNN_DDD_FF_mask.png` (some have `_mask1`, `_mask2`), and normal strips in `NODefect_images/<fabric>/`.
 * Strips are cut into squares; of strips with a mask only the squares with an anomaly are kept, as in the paper. Squares of
 * normal strips are of the split `train`: the paper's figures are over squares with an anomaly alone.
 */
export const aitex: Layout = {
  name: 'aitex',
  recognises: async ({ folders }) =>
    entryNamed(folders, 'Defect_images') !== undefined && entryNamed(folders, 'Mask_images') !== undefined,
  plan,
  border: smallBorder,
};

async function plan(root: string): Promise<Plan> {
  const problems: Problem[] = [];
  const top = await listFolder(root);
  const below = async (name: string) => {
    const entry = entryNamed(top.folders, name);
    return entry === undefined ? undefined : await listBelow(join(root, entry), problems);
  };
  const [defects, masks, normal] = [
    await below('Defect_images'),
    await below('Mask_images'),
    await below('NODefect_images'),
  ];
  const masksByStem = Map.groupBy(masks?.images ?? [], imageStem);
  const images = (defects?.images ?? []).map((file): PlannedImage => {
    const stem = stemOf(file);
    const own = (masksByStem.get(stem) ?? []).map((mask) => join(masks?.path ?? '', mask));
    masksByStem.delete(stem);
    return { ...strip(defects, file, kindOf(stem)), split: 'test', normal: false, masks: own };
  });
  for (const mask of [...masksByStem.values()].flat()) {
    problems.push(maskWithoutImage(join(masks?.path ?? '', mask)));
  }
  for (const name of normal?.folders ?? []) {
    const fabric = await listBelow(join(normal?.path ?? '', name), problems);
    const strips = fabric.images.map((file) => strip(fabric, file, 'good'));
    images.push(...strips.map((image) => ({ ...image, split: 'train' as const, normal: true, masks: [] })));
  }
  return {
    images: images.sort((a, b) =>
      a.textureClass < b.textureClass ? -1 : a.textureClass > b.textureClass ? 1 : 0,
    ),
    problems,
  };
}

function strip(folder: Folder | undefined, file: string, kind: string) {
  return {
    path: join(folder?.path ?? '', file),
    name: file,
    textureClass: fabricOf(stemOf(file)),
    kind,
    strip: true,
  };
}

/** `fabric00` for `0001_002_00`. */
function fabricOf(stem: string): string {
  const fabric = /^\d+_\d+_(\d+)$/.exec(stem)?.[1];
  return fabric === undefined ? 'fabric' : `fabric${fabric}`;
}

/** The number of the kind of defect: `002` for `0001_002_00`. */
function kindOf(stem: string): string {
  return /^\d+_(\d+)_/.exec(stem)?.[1] ?? 'defect';
}
