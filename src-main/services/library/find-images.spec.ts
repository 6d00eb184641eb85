import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImages } from './find-images.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'perch-find-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lay(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(join(root, file), '');
  }
}

const found = async (...paths: string[]) => {
  const { images, unreadable } = await findImages(paths.map((path) => join(root, path)));
  return {
    images: images.map(({ path }) => relative(root, path)),
    classes: [...new Set(images.map(({ textureClass }) => textureClass))],
    unreadable: unreadable.map(({ path, error }) => `${relative(root, path)}: ${error.code}`),
  };
};

describe('finding images', () => {
  it('walks folders in order of name, with numbers by value, and skips other files', async () => {
    await lay('b/10.png', 'b/9.PNG', 'a/ä ö.tiff', 'a/notes.txt', 'a/.hidden.png', 'c.webp');
    expect((await found('.')).images).toEqual(['a/ä ö.tiff', 'b/9.PNG', 'b/10.png', 'c.webp']);
  });

  it('accepts a named file with any name, and lists no file twice', async () => {
    await lay('scan', 'a.png');
    expect((await found('scan', 'a.png', '.')).images).toEqual(['scan', 'a.png']);
  });

  it('skips the masks of dataset layouts and names their classes', async () => {
    await lay(
      'carpet/test/hole/000.png',
      'carpet/test/good/000.png',
      'carpet/ground_truth/hole/000_mask.png',
      'aitex/Mask_images/0001_mask.png',
      'aitex/Defect_images/0001.png',
    );
    const { images, classes } = await found('.');
    expect(images).toEqual([
      'aitex/Defect_images/0001.png',
      'carpet/test/good/000.png',
      'carpet/test/hole/000.png',
    ]);
    expect(classes).toEqual(['Defect_images', 'carpet']);
  });

  it('reports paths that are missing or without images, and continues', async () => {
    await lay('a.png', 'empty/readme.md');
    expect(await found('gone', 'empty', 'a.png')).toMatchObject({
      images: ['a.png'],
      unreadable: ['gone: NOT_FOUND', 'empty: NO_IMAGES'],
    });
  });

  it('follows links to files but not to folders, which avoids loops', async () => {
    await lay('real/a.png');
    await symlink(join(root, 'real/a.png'), join(root, 'link.png'));
    await symlink(root, join(root, 'real/loop'));
    expect((await found('.')).images).toEqual(['link.png', 'real/a.png']);
  });
});
