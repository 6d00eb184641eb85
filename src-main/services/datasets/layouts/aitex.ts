import { join } from 'node:path';
import { stemOf } from '../../library/adjacent-masks.ts';
import { type FolderReader, imagesBelow } from '../../library/folder-listing.ts';
import {
  entryNamed,
  GOOD,
  type Layout,
  pairingProblems,
  type Plan,
  type PlannedImage,
  defaultIgnoreBorder,
} from './layout.ts';
import { pairMasks } from './pair-masks.ts';

/**
 * AITEX: strips of fabric, `Defect_images/NNNN_DDD_FF.png` (number, defect type, fabric), their masks in
 * `Mask_images/NNNN_DDD_FF_mask.png` (some have `_mask1`, `_mask2`), and normal strips in `NODefect_images/<fabric>/`.
 * Strips are cut into square tiles. Of strips with a mask, only tiles with an anomaly are imported, as in the paper. Tiles of normal
 * strips form the split `train`, because the paper's metrics use only tiles with an anomaly.
 */
export const aitex: Layout = {
  name: 'aitex',
  async matches(root, reader) {
    const { folders } = await reader.list(root);
    return (
      entryNamed(folders, 'Defect_images') !== undefined && entryNamed(folders, 'Mask_images') !== undefined
    );
  },
  plan,
  ignoreBorder: defaultIgnoreBorder,
};

/** AITEX with whole strips, as rolls. Never detected, because the paper's metrics use tiles. */
export const aitexStrips: Layout = {
  ...aitex,
  name: 'aitex-strips',
  async plan(root, reader) {
    const { images, ...rest } = await plan(root, reader);
    const roll = { stated: { direction: 'right' as const }, isFolder: false };
    return { ...rest, images: images.map((image) => ({ ...image, strip: false, roll })) };
  },
};

async function plan(root: string, reader: FolderReader): Promise<Plan> {
  const { folders } = await reader.list(root);
  const below = async (name: string) => {
    const entry = entryNamed(folders, name);
    return entry === undefined ? [] : await imagesBelow(reader, join(root, entry));
  };
  const defects = await below('Defect_images');
  const placed = ({ path, name }: { path: string; name: string }) => ({
    path,
    defectType: '',
    folders: [],
    stem: stemOf(name),
  });
  const pairs = pairMasks(defects.map(placed), (await below('Mask_images')).map(placed));
  const images = [
    ...defects.map(({ path, name }) => ({
      ...strip(path, name, kindOf(stemOf(name))),
      split: 'test' as const,
      normal: false,
      masks: pairs.masks.get(path) ?? [],
    })),
    ...(await below('NODefect_images')).map(({ path, name }) => ({
      ...strip(path, name, GOOD),
      split: 'train' as const,
      normal: true,
      masks: [],
    })),
  ];
  const byClass = ({ textureClass: a }: PlannedImage, { textureClass: b }: PlannedImage) =>
    a < b ? -1 : a > b ? 1 : 0;
  return { images: images.sort(byClass), problems: pairingProblems(pairs) };
}

function strip(path: string, name: string, defectType: string) {
  return { path, name, textureClass: fabricOf(stemOf(name)), defectType, strip: true };
}

/** `fabric00` for `0001_002_00`. */
function fabricOf(stem: string): string {
  const fabric = /^\d+_\d+_(\d+)$/.exec(stem)?.[1];
  return fabric === undefined ? 'fabric' : `fabric${fabric}`;
}

/** The number of the defect type: `002` for `0001_002_00`. */
function kindOf(stem: string): string {
  return /^\d+_(\d+)_/.exec(stem)?.[1] ?? 'defect';
}
