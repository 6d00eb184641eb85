import { describe, expect, it } from 'vitest';
import { folder } from '../datasets/layouts/folder.ts';
import { mvtec } from '../datasets/layouts/mvtec.ts';
import type { PlannedImage } from '../datasets/layouts/layout.ts';
import { previewRoll } from './preview-roll.ts';

const image = (path: string, part: Partial<PlannedImage> = {}): PlannedImage => ({
  path,
  name: path,
  textureClass: 'a',
  defectType: '',
  split: 'test',
  normal: false,
  masks: [],
  strip: false,
  ...part,
});
const preview = (images: PlannedImage[], { paths = ['/r'], layout = folder } = {}) =>
  previewRoll({ images, layout }, paths);

describe('a roll in the preview of an import', () => {
  it('is a folder of images, or one image', () => {
    expect(preview([image('/r/1.png'), image('/r/2.png')])).toEqual({ path: '/r', frames: 2 });
    expect(preview([image('/r/4711/1.png'), image('/r/4711/2.png')])).toEqual({ path: '/r/4711', frames: 2 });
    expect(preview([image('/r/1.tif')], { paths: ['/r/1.tif'] })).toEqual({ path: '/r/1.tif', frames: 1 });
  });

  it('is none for several folders, selected files, another layout, masks, and known rolls', () => {
    expect(preview([image('/r/a/1.png'), image('/r/b/2.png')])).toBeUndefined();
    expect(
      preview([image('/r/1.png'), image('/r/2.png')], { paths: ['/r/1.png', '/r/2.png'] }),
    ).toBeUndefined();
    expect(preview([image('/r/1.png'), image('/r/2.png')], { layout: mvtec })).toBeUndefined();
    expect(preview([image('/r/1.png', { masks: ['/r/1_mask.png'] }), image('/r/2.png')])).toBeUndefined();
    expect(
      preview([image('/r/1.png'), image('/r/2', { roll: { stated: {}, isFolder: true } })]),
    ).toBeUndefined();
  });
});
