/**
 * The layouts of datasets on disk, with their name for display and their folders. Folder names match in any case and in
 * common spellings. The more specific layouts come first.
 */
export const layouts = {
  mvtec: {
    title: 'MVTec AD',
    folders:
      'CLASS/{train,test}/DEFECT/FILE, masks in CLASS/ground_truth/DEFECT/STEM_mask.png; or one class folder',
  },
  'mvtec-ad-2': { title: 'MVTec AD 2', folders: 'MVTec AD 2: test_public with its masks, test_private' },
  'mvtec-loco': { title: 'MVTec LOCO', folders: 'MVTec LOCO: a folder of masks for each image' },
  btad: { title: 'BTAD', folders: 'BTAD: ok and ko' },
  wft: {
    title: 'Woven Fabric Textures',
    folders: 'Woven Fabric Textures, as mvtec; metrics ignore a border of 50 pixels',
  },
  'dtd-synthetic': { title: 'DTD-Synthetic', folders: 'DTD-Synthetic, as mvtec' },
  aitex: {
    title: 'AITEX',
    folders: 'Defect_images, Mask_images, NODefect_images; strips are cut into squares',
  },
  'aitex-strips': {
    title: 'AITEX, whole strips',
    folders: 'as aitex, but each strip is one roll; only if chosen',
  },
  visa: {
    title: 'VisA',
    folders: 'CLASS/Data/Images, CLASS/Data/Masks, image_anno.csv; split_csv/1cls.csv if it exists',
  },
  kolektor: { title: 'KolektorSDD', folders: 'kos01/Part0.jpg and kos01/Part0_label.bmp' },
  'kolektor-2': { title: 'KolektorSDD2', folders: '{train,test}/10000.png and 10000_GT.png' },
  'magnetic-tile': {
    title: 'Magnetic tile (masks named like their images)',
    folders: 'MT_DEFECT/Imgs/STEM.jpg with the mask STEM.png next to it; or any tree of such pairs',
  },
  'defect-types': {
    title: 'Folders by defect type',
    folders: 'CLASS/DEFECT/FILE, with good, ok or normal for normal images',
  },
  folder: {
    title: 'Folder of images',
    folders:
      'any tree of images; the class of an image is its folder; masks in folders "masks", or STEM_mask.png',
  },
} as const;

export const layoutNames = Object.keys(layouts) as (keyof typeof layouts)[];
