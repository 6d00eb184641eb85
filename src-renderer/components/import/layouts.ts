import type { Layout } from '../../../src-main/api/datasets.ts';

/** Layouts as people know them. */
export const layoutTitles: Record<Layout, string> = {
  mvtec: 'MVTec AD',
  wft: 'Woven Fabric Textures',
  'dtd-synthetic': 'DTD-Synthetic',
  aitex: 'AITEX',
  folder: 'Folders of images',
};
