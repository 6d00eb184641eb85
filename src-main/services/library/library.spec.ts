import { access, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenImages } from './library.ts';

let library: OpenImages;

beforeEach(() => {
  library = new OpenImages();
});
afterEach(() => library.dispose());

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

describe('dropped files', () => {
  it('keep their folders, so that classes are told apart and masks left out', async () => {
    for (const path of ['oak/test/hole/0.png', 'oak/ground_truth/hole/0_mask.png', 'ash/test/good/0.png']) {
      await library.receive('d1', path.split('/'), bytesOf(path));
    }
    const folder = await library.receive('d1', ['alone.png'], bytesOf('alone'));
    const { images } = await library.open([folder]);
    expect(images.map(({ textureClass, name }) => [textureClass, name])).toEqual([
      ['dropped', 'alone.png'],
      ['ash', 'test/good/0.png'],
      ['oak', 'test/hole/0.png'],
    ]);
    expect(await readFile(images[2].path, 'utf8')).toBe('oak/test/hole/0.png');
  });

  it('never replace one another', async () => {
    await library.receive('d1', ['a.png'], bytesOf('first'));
    await expect(library.receive('d1', ['a.png'], bytesOf('second'))).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
    });
    const folder = await library.receive('d2', ['a.png'], bytesOf('other drop'));
    const { images } = await library.open([folder]);
    expect(await readFile(images[0].path, 'utf8')).toBe('other drop');
  });

  it('are gone with the library', async () => {
    const folder = await library.receive('d1', ['a.png'], bytesOf('a'));
    await library.dispose();
    await expect(access(folder)).rejects.toThrow();
  });
});

describe('open images', () => {
  it('keep their id when they are opened again, and are unknown once closed', async () => {
    const folder = await library.receive('d1', ['a.png'], bytesOf('a'));
    const [first] = (await library.open([folder])).images;
    const [again] = (await library.open([folder])).images;
    expect(again.id).toBe(first.id);
    expect(library.list()).toHaveLength(1);
    library.close();
    expect(() => library.pathOf(first.id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
