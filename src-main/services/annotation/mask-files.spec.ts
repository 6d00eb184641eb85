import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredImage } from '../../store/images.ts';
import { maskFiles } from './mask-files.ts';

const image = (id: number, given: Partial<StoredImage>): StoredImage => ({
  id,
  dataset: 1,
  path: '/data/linen/test/hole/000.png',
  tileIndex: 0,
  name: '',
  textureClass: 'linen',
  defectType: 'hole',
  split: 'test',
  width: 1,
  height: 1,
  file: { sha256: '', bytes: 0, mtimeMs: 0, ctimeMs: 0 },
  maskFiles: [],
  thumbnail: null,
  sortIndex: id,
  state: 'present',
  groundTruth: 'unknown',
  mask: null,
  revision: 0,
  annotated: false,
  ...given,
});

describe('mask files', () => {
  it('have the paths that MVTec AD uses', () => {
    const files = maskFiles([
      image(1, {}),
      image(2, { path: '/data/linen/test/good/000.png', defectType: 'good' }),
    ]);
    expect([...files]).toEqual([
      [1, 'linen/ground_truth/hole/000_mask.png'],
      [2, 'linen/ground_truth/good/000_mask.png'],
    ]);
  });

  it('distinguish tiles of a strip, and images with the same stem', () => {
    const files = maskFiles([
      image(1, { tileIndex: 1 }),
      image(2, { tileIndex: 2 }),
      image(3, {}),
      image(4, { path: '/data/linen/test/hole/000.JPG' }),
      image(5, { defectType: '' }),
    ]);
    expect([...files.values()]).toEqual([
      'linen/ground_truth/hole/000_part1_mask.png',
      'linen/ground_truth/hole/000_part2_mask.png',
      'linen/ground_truth/hole/000_mask.png',
      'linen/ground_truth/hole/000_2_mask.png',
      'linen/ground_truth/defect/000_mask.png',
    ]);
  });

  it('are different for every image and never leave their folder', () => {
    const name = fc.string({ unit: fc.constantFrom(...'aA./\\_2:\0ü'), maxLength: 5 });
    const images = fc.array(fc.record({ textureClass: name, kind: name, stem: name, part: fc.nat(2) }));
    fc.assert(
      fc.property(images, (given) => {
        const files = [
          ...maskFiles(
            given.map(({ stem, ...rest }, at) => image(at, { ...rest, path: `/data/${stem}.png` })),
          ).values(),
        ];
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(given.length);
        for (const file of files) {
          const folders = file.split('/');
          expect(folders).toHaveLength(4);
          expect(folders.slice(0, 3).every((folder) => /^[^.\\:\0][^\\:\0]*$/.test(folder))).toBe(true);
        }
      }),
    );
  });
});
