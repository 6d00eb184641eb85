import { describe, expect, it } from 'vitest';
import { outputNames } from './output-names.ts';

const image = (root: string, path: string) => ({ path, root, textureClass: '', classFolder: '' });

describe('output names', () => {
  it('keep the folders below the requested path', () => {
    const images = [image('/data', '/data/test/hole/000.png'), image('/one.png', '/one.png')];
    expect(outputNames(images, 'out')).toEqual(['out/test/hole/000', 'out/one']);
  });

  it('include page numbers', () => {
    const images = ['/d/a.tif', '/d/b.tif#1', '/d/b.tif#2'].map((path) => image('/d', path));
    expect(outputNames(images, 'o')).toEqual(['o/a', 'o/b#1', 'o/b#2']);
  });

  it('never collide, even on file systems that ignore case', () => {
    const images = ['/d/a.png', '/d/a.jpg', '/d/A.bmp', '/e/a.png', '/f/a.png'].map((path) =>
      image(path, path),
    );
    expect(outputNames(images, 'o')).toEqual(['o/a', 'o/a.jpg', 'o/A.bmp', 'o/a.png', 'o/a.png-2']);
  });
});
