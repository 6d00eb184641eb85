import type { Layout } from '../../src-main/common/api/datasets.ts';

/** Layouts as people know them. */
export const layoutTitles: Record<Layout, string> = {
  mvtec: 'MVTec AD',
  'mvtec-ad-2': 'MVTec AD 2',
  'mvtec-loco': 'MVTec LOCO',
  btad: 'BTAD',
  wft: 'Woven Fabric Textures',
  'dtd-synthetic': 'DTD-Synthetic',
  aitex: 'AITEX',
  visa: 'VisA',
  kolektor: 'KolektorSDD',
  'kolektor-2': 'KolektorSDD2',
  'magnetic-tile': 'Magnetic tile; masks named as their images',
  kinds: 'Folders of good and defective images',
  folder: 'Folders of images',
};
