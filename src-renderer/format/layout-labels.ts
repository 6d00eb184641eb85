import type { Layout } from '../../src-main/common/api/datasets.ts';

/** Names of the dataset layouts. */
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
  'magnetic-tile': 'Magnetic tile (masks named like their images)',
  'defect-types': 'Folders by defect type',
  folder: 'Folder of images',
};
