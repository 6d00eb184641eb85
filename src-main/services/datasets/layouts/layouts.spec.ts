import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LayoutChoice } from '../../../common/api/datasets.ts';
import { layoutNames } from '../../../common/layouts.ts';
import { countPlanned, explainPlan } from '../describe-dataset.ts';
import { planImport } from '../plan-import.ts';
import type { PlannedImage } from './layout.ts';
import { layoutByName } from './layouts.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'perch-layouts-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lay(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
}

const reported = ({ textureClass, defectType, split, normal, masks }: PlannedImage) =>
  [
    `${textureClass}: ${split} ${normal ? 'normal' : defectType || 'unknown'}`,
    ...masks.map((path) => relative(root, path).replaceAll('\\', '/')),
  ].join(' < ');

async function plan(below = '.', choice: LayoutChoice = 'auto') {
  const planned = await planImport([join(root, below)], choice, () => undefined);
  return {
    plan: planned,
    layout: planned.layout.name,
    images: planned.images.map((image) => `${image.name} = ${reported(image)}`),
    problems: planned.problems.map(({ kind, path }) => `${kind} ${basename(path)}`),
    skipped: planned.skipped.map(({ reason, files }) => `${files} ${reason}`),
  };
}

describe('the layouts of published datasets', () => {
  it('include MVTec AD in any case and spelling', async () => {
    await lay(
      ...['c/Train/Good/0.png', 'c/TEST/Good/1.PNG', 'c/TEST/Hole/2.jpg', 'c/TEST/Hole/3.jpeg'],
      ...['c/Ground_Truth/hole/2_Mask.PNG', 'c/Ground_Truth/hole/3_GT.bmp'],
    );
    expect(await plan()).toMatchObject({
      layout: 'mvtec',
      images: [
        'Train/Good/0.png = c: train normal',
        'TEST/Good/1.PNG = c: test normal',
        'TEST/Hole/2.jpg = c: test Hole < c/Ground_Truth/hole/2_Mask.PNG',
        'TEST/Hole/3.jpeg = c: test Hole < c/Ground_Truth/hole/3_GT.bmp',
      ],
      problems: [],
      skipped: [],
    });
  });

  it.each([
    'masks',
    'Masks',
    'GT',
    'gt',
    'GroundTruth',
    'ground-truth',
    'label',
    'Labels',
    'mask_images',
    'segmentation',
  ])('include MVTec AD with masks in %s', async (name) => {
    await lay('c/test/good/0.png', 'c/test/hole/1.png', `c/${name}/hole/1.png`);
    const { images, layout } = await plan();
    expect([layout, images[1]]).toEqual(['mvtec', `test/hole/1.png = c: test hole < c/${name}/hole/1.png`]);
  });

  it.each(['good', 'OK', 'ok', 'Normal', 'no_defect', 'defect-free', 'NonDefective'])(
    'include MVTec AD with normal images in %s',
    async (name) => {
      await lay(`c/test/${name}/0.png`, 'c/test/x/1.png');
      const { plan: planned } = await plan();
      expect(planned.images.map(({ normal, defectType }) => [normal, defectType])).toEqual(
        expect.arrayContaining([
          [true, 'good'],
          [false, 'x'],
        ]),
      );
    },
  );

  it('include MVTec AD with images and masks in folders of each defect type', async () => {
    await lay(
      ...['c/test/good/0.png', 'c/test/hole/1.png', 'c/test/hole/masks/1.png'],
      ...['c/test/cut/images/1.jpg', 'c/test/cut/Ground Truth/1_mask.png', 'c/test/cut/masks/2.png'],
    );
    expect(await plan()).toMatchObject({
      layout: 'mvtec',
      images: [
        'test/cut/images/1.jpg = c: test cut < c/test/cut/Ground Truth/1_mask.png',
        'test/good/0.png = c: test normal',
        'test/hole/1.png = c: test hole < c/test/hole/masks/1.png',
      ],
      problems: ['mask-without-image 2.png'],
    });
  });

  it('include MVTec AD 2, with private images of unknown ground truth', async () => {
    await lay(
      ...['f/train/good/0_regular.png', 'f/validation/good/1_regular.png', 'f/test_private/2_regular.png'],
      ...[
        'f/test_private_mixed/3_mixed.png',
        'f/test_public/good/4_regular.png',
        'f/test_public/bad/5_regular.png',
      ],
      'f/test_public/ground_truth/bad/5_regular_mask.png',
    );
    expect(await plan()).toMatchObject({
      layout: 'mvtec-ad-2',
      images: [
        'train/good/0_regular.png = f: train normal',
        'validation/good/1_regular.png = f: train normal',
        'test_private/2_regular.png = f: test unknown',
        'test_private_mixed/3_mixed.png = f: test unknown',
        'test_public/bad/5_regular.png = f: test bad < f/test_public/ground_truth/bad/5_regular_mask.png',
        'test_public/good/4_regular.png = f: test normal',
      ],
      problems: [],
    });
  });

  it('include MVTec LOCO, with a folder of masks for each image', async () => {
    await lay(
      ...['b/train/good/0.png', 'b/validation/good/1.png', 'b/test/good/000.png'],
      ...['b/test/logical_anomalies/000.png', 'b/test/structural_anomalies/000.png'],
      ...['b/ground_truth/logical_anomalies/000/000.png', 'b/ground_truth/logical_anomalies/000/001.png'],
      ...['b/ground_truth/structural_anomalies/000/000.png', 'b/defects_config.json'],
    );
    const { images, layout, problems, skipped } = await plan();
    expect(layout).toBe('mvtec-loco');
    expect(images.slice(3)).toEqual([
      'test/logical_anomalies/000.png = b: test logical_anomalies' +
        ' < b/ground_truth/logical_anomalies/000/000.png < b/ground_truth/logical_anomalies/000/001.png',
      'test/structural_anomalies/000.png = b: test structural_anomalies < b/ground_truth/structural_anomalies/000/000.png',
    ]);
    expect([problems, skipped]).toEqual([[], ['1 .json files']]);
  });

  it('include BTAD, whose images and masks have various formats', async () => {
    await lay(
      ...['01/train/ok/0.bmp', '01/test/ok/1.bmp', '01/test/ko/2.bmp', '01/ground_truth/ko/2.png'],
      ...['03/train/ok/0.bmp', '03/test/ok/1.bmp', '03/test/ko/2.bmp', '03/ground_truth/ko/2.bmp'],
    );
    expect(await plan()).toMatchObject({
      layout: 'btad',
      images: [
        'train/ok/0.bmp = 01: train normal',
        'test/ko/2.bmp = 01: test ko < 01/ground_truth/ko/2.png',
        'test/ok/1.bmp = 01: test normal',
        'train/ok/0.bmp = 03: train normal',
        'test/ko/2.bmp = 03: test ko < 03/ground_truth/ko/2.bmp',
        'test/ok/1.bmp = 03: test normal',
      ],
      problems: [],
      skipped: [],
    });
  });

  it('include VisA, with defect types from its table and optional splits', async () => {
    await lay(
      ...[
        'v/candle/Data/Images/Normal/0.JPG',
        'v/candle/Data/Images/Normal/1.JPG',
        'v/candle/Data/Images/Anomaly/0.JPG',
      ],
      ...['v/candle/Data/Masks/Anomaly/0.png', 'v/readme.txt'],
    );
    await writeFile(
      join(root, 'v/candle/image_anno.csv'),
      'image,label,mask\ncandle/Data/Images/Normal/0.JPG,normal,\ncandle/Data/Images/Anomaly/0.JPG,"wax melded, chip",x\n',
    );
    expect(await plan()).toMatchObject({
      layout: 'visa',
      images: [
        'Anomaly/0.JPG = candle: test wax melded, chip < v/candle/Data/Masks/Anomaly/0.png',
        'Normal/0.JPG = candle: test normal',
        'Normal/1.JPG = candle: test normal',
      ],
    });
    await lay('v/split_csv/1cls.csv');
    await writeFile(
      join(root, 'v/split_csv/1cls.csv'),
      'object,split,label,image,mask\ncandle,train,normal,candle/Data/Images/Normal/1.JPG,\n',
    );
    expect((await plan('v')).images[2]).toBe('Normal/1.JPG = candle: train normal');
  });

  it('include VisA prepared class by class', async () => {
    await lay(
      '1cls/candle/train/good/0.JPG',
      '1cls/candle/test/bad/0.JPG',
      '1cls/candle/ground_truth/bad/0.png',
    );
    expect((await plan()).images[1]).toBe(
      'test/bad/0.JPG = candle: test bad < 1cls/candle/ground_truth/bad/0.png',
    );
  });

  it('include KolektorSDD and KolektorSDD2, with masks that identify normal images', async () => {
    await lay('k/kos01/Part0.jpg', 'k/kos01/Part0_label.bmp', 'k/kos02/Part0.jpg', 'k/kos02/Part0_label.bmp');
    expect(await plan('k')).toMatchObject({
      layout: 'kolektor',
      images: [
        'kos01/Part0.jpg = k: test unknown < k/kos01/Part0_label.bmp',
        'kos02/Part0.jpg = k: test unknown < k/kos02/Part0_label.bmp',
      ],
    });
    await lay('k2/train/1.png', 'k2/train/1_GT.png', 'k2/test/2.png', 'k2/test/2_GT.png');
    expect(await plan('k2')).toMatchObject({
      layout: 'kolektor-2',
      images: [
        'train/1.png = k2: train unknown < k2/train/1_GT.png',
        'test/2.png = k2: test unknown < k2/test/2_GT.png',
      ],
    });
  });

  it('include the published magnetic tiles, and a single defect type of them', async () => {
    await lay(
      'm/MT_Free/Imgs/a.jpg',
      'm/MT_Free/Imgs/a.png',
      'm/MT_Blowhole/Imgs/b.jpg',
      'm/MT_Blowhole/Imgs/b.png',
    );
    expect(await plan()).toMatchObject({
      layout: 'magnetic-tile',
      images: [
        'MT_Blowhole/Imgs/b.jpg = m: test Blowhole < m/MT_Blowhole/Imgs/b.png',
        'MT_Free/Imgs/a.jpg = m: test normal < m/MT_Free/Imgs/a.png',
      ],
    });
    expect((await plan('m/MT_Blowhole')).images).toEqual([
      'Imgs/b.jpg = m: test Blowhole < m/MT_Blowhole/Imgs/b.png',
    ]);
  });

  it('include AITEX in any case', async () => {
    await lay(
      'defect_images/0001_002_00.png',
      'MASK_IMAGES/0001_002_00_mask1.png',
      'NODefect_images/7/0003_000_00.png',
    );
    expect(await plan()).toMatchObject({
      layout: 'aitex',
      images: [
        '0001_002_00.png = fabric00: test 002 < MASK_IMAGES/0001_002_00_mask1.png',
        '0003_000_00.png = fabric00: train normal',
      ],
    });
  });
});

describe('custom folders', () => {
  it('accept a class folder or its test folder, with masks outside it', async () => {
    await lay(
      ...['leather/train/good/0.png', 'leather/test/good/0.png', 'leather/test/cut/0.png'],
      'leather/ground_truth/cut/0_mask.png',
    );
    expect((await plan('leather')).images).toContain(
      'test/cut/0.png = leather: test cut < leather/ground_truth/cut/0_mask.png',
    );
    const test = await plan('leather/test');
    expect(test).toMatchObject({
      layout: 'defect-types',
      images: [
        'cut/0.png = leather: test cut < leather/ground_truth/cut/0_mask.png',
        'good/0.png = leather: test normal',
      ],
      problems: [],
    });
    expect(test.plan.wish).toBe('test');
    expect((await plan('leather/test/cut')).images).toEqual(['0.png = cut: test unknown']);
  });

  it('accept classes below the splits', async () => {
    await lay(
      ...[
        'train/oak/good/0.png',
        'test/oak/good/0.png',
        'test/oak/knot/1.png',
        'test/elm/ok/0.png',
        'test/elm/cut/1.png',
      ],
      ...['ground_truth/oak/knot/1_mask.png', 'ground_truth/elm/cut/1_mask.png'],
    );
    expect(await plan()).toMatchObject({
      layout: 'mvtec',
      images: [
        'test/elm/cut/1.png = elm: test cut < ground_truth/elm/cut/1_mask.png',
        'test/elm/ok/0.png = elm: test normal',
        'train/oak/good/0.png = oak: train normal',
        'test/oak/good/0.png = oak: test normal',
        'test/oak/knot/1.png = oak: test knot < ground_truth/oak/knot/1_mask.png',
      ],
      problems: [],
      skipped: [],
    });
  });

  it('accept a class with defect types and no splits', async () => {
    await lay(
      'oak/OK/0.png',
      'oak/knot/1.png',
      'oak/masks/knot/1.png',
      'elm/ok/0.png',
      'elm/ko/1.png',
      'elm/ko/1_mask.png',
    );
    expect(await plan()).toMatchObject({
      layout: 'defect-types',
      images: [
        'ko/1.png = elm: test ko < elm/ko/1_mask.png',
        'ok/0.png = elm: test normal',
        'knot/1.png = oak: test knot < oak/masks/knot/1.png',
        'OK/0.png = oak: test normal',
      ],
    });
  });

  it('keep the chosen name in any other layout, even with only one subfolder', async () => {
    await lay('mine/hole/0.png');
    const { plan: planned, images, layout } = await plan('mine');
    expect([layout, planned.wish, images]).toEqual(['folder', 'mine', ['0.png = hole: test unknown']]);
  });

  it('accept masks in a separate folder or next to their images', async () => {
    await lay(
      ...['set/images/a.jpg', 'set/masks/a.png', 'set/images/b.jpg', 'set/masks/c.png'],
      ...['other/d.png', 'other/d_mask.png', 'other/e.jpg', 'other/e.label.png'],
    );
    expect(await plan()).toMatchObject({
      layout: 'folder',
      images: [
        'd.png = other: test unknown < other/d_mask.png',
        'e.jpg = other: test unknown < other/e.label.png',
        'images/a.jpg = set: test unknown < set/masks/a.png',
        'images/b.jpg = set: test unknown',
      ],
      problems: ['mask-without-image c.png'],
    });
  });

  it('treat a folder of labels that match no image as images', async () => {
    await lay('labels/a.png', 'bottles/b.png');
    expect((await plan()).images).toEqual(['b.png = bottles: test unknown', 'a.png = labels: test unknown']);
  });

  it('stop an import if images look like masks, until a layout is chosen', async () => {
    await lay('shift/a.jpg', 'shift/a.png', 'shift/b.jpg', 'shift/b.png');
    expect((await plan()).plan.blockedReason).toContain('shift/a.jpg, shift/a.png');
    const masks = await plan('.', 'magnetic-tile');
    expect(masks.plan.blockedReason).toBeUndefined();
    expect(masks.images).toEqual([
      `shift/a.jpg = ${basename(root)}: test unknown < shift/a.png`,
      `shift/b.jpg = ${basename(root)}: test unknown < shift/b.png`,
    ]);
    const images = await plan('.', 'folder');
    expect([images.plan.blockedReason, images.images.length]).toEqual([undefined, 4]);
  });

  it('stop an import if masks are in a folder with an arbitrary name', async () => {
    await lay('set/photos/a.jpg', 'set/photos/b.jpg', 'set/binary_png/a.png', 'set/binary_png/b.png');
    expect((await plan()).plan.blockedReason).toContain('photos/a.jpg, binary_png/a.png');
    expect((await plan('.', 'magnetic-tile')).images).toEqual([
      `set/photos/a.jpg = ${basename(root)}: test unknown < set/binary_png/a.png`,
      `set/photos/b.jpg = ${basename(root)}: test unknown < set/binary_png/b.png`,
    ]);
    // Defect types that number their images alike are not masks of each other.
    await lay('other/hole/0.png', 'other/cut/0.png');
    expect((await plan('other')).plan.blockedReason).toBeUndefined();
  });

  it('match names in NFC and NFD, and in another case if nothing else matches', async () => {
    const [nfc, nfd] = ['Löcher_é'.normalize('NFC'), 'Löcher_é'.normalize('NFD')];
    await lay(`c/test/${nfc}/${nfc}.png`, `c/ground_truth/${nfd}/${nfd}_mask.png`);
    await lay(
      'c/test/x/a.png',
      'c/test/x/A.png',
      'c/ground_truth/x/A_mask.png',
      'c/ground_truth/x/a_mask.png',
    );
    const { plan: planned, problems } = await plan();
    expect(problems).toEqual([]);
    expect(
      planned.images.map(({ name, masks }) => [basename(name), ...masks.map((path) => basename(path))]),
    ).toEqual(
      expect.arrayContaining([
        ['a.png', 'a_mask.png'],
        ['A.png', 'A_mask.png'],
        [`${nfc}.png`, `${nfd}_mask.png`],
      ]),
    );
  });

  it('report which of several images with the same name has the mask', async () => {
    await lay('c/test/x/a.png', 'c/test/x/a.bmp', 'c/test/x/b.png', 'c/ground_truth/x/a_mask.png');
    expect(await plan()).toMatchObject({ problems: ['ambiguous a_mask.png'] });
  });

  it('follow links once; skip and count results, hidden files and other files', async () => {
    await lay(
      'elsewhere/b.png',
      'set/one/a.png',
      'set/one/a.map.npy',
      'set/one/a.mask.png',
      'set/one/a.heatmap.png',
    );
    await lay(
      'set/perch-results/a.overlay.png',
      'set/._a.png',
      'set/one/c.gif',
      'set/one/notes.txt',
      'set/d.PGM',
      'set/e.jfif',
    );
    await symlink(join(root, 'elsewhere'), join(root, 'set/two'));
    await symlink(join(root, 'set'), join(root, 'set/one/loop'));
    const { images, skipped } = await plan('set');
    expect(images.map((line) => line.split(' ')[0])).toEqual(['d.PGM', 'e.jfif', 'a.png', 'b.png']);
    expect(skipped.toSorted()).toEqual(
      [
        '1 .gif files',
        '1 .txt files',
        '1 links to folders that are already read',
        '4 results of earlier inspections',
      ].toSorted(),
    );
  });

  it('count images that do not fit the layout', async () => {
    await lay('c/test/good/0.png', 'c/extra/1.png', 'loose.png');
    expect((await plan()).skipped).toEqual(['2 images outside the folders of the layout']);
  });
});

describe('the preview', () => {
  it('has consistent counts and explains every folder', async () => {
    await lay(
      ...['c/train/good/0.png', 'c/test/good/1.png', 'c/test/cut/2.png', 'c/test/cut/3.png', 'c/test/4.png'],
      'c/ground_truth/cut/2_mask.png',
    );
    const { plan: planned } = await plan();
    expect(countPlanned(planned)).toEqual([
      { textureClass: 'c', images: 5, train: 1, masked: 1, unmasked: 1, normal: 1, unknown: 1 },
    ]);
    expect(explainPlan(planned)).toEqual([
      { folder: 'train/good', role: 'training images, normal', files: 1 },
      { folder: 'test', role: 'test images, ground truth unknown', files: 1 },
      { folder: 'test/cut', role: 'test images, defective (cut)', files: 2 },
      { folder: 'test/good', role: 'test images, normal', files: 1 },
      { folder: 'ground_truth/cut', role: 'masks', files: 1 },
    ]);
  });
});

describe('the list of layouts', () => {
  it('is the same in detection and in the user guide', async () => {
    const guide = await readFile(new URL('../../../../docs/user-guide.md', import.meta.url), 'utf8');
    for (const name of layoutNames) {
      expect(layoutByName(name).name).toBe(name);
      expect(guide).toContain(`\`${name}\``);
    }
  });
});
