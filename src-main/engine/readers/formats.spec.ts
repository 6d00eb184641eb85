import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageExtensions, imageFormats, isImageName, isMapName } from '../../common/file-formats.ts';
import { imageTable, imageTableText, mapTableText } from './formats.ts';
import { fixture } from './test/fixtures.ts';

describe('the table of formats', () => {
  it('matches docs/formats.md', () => {
    const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
    // The page wraps its lines.
    const unwrap = (text: string) => text.replace(/\s+/g, ' ');
    expect(unwrap(page)).toContain(unwrap(imageTableText()));
    expect(unwrap(page)).toContain(unwrap(mapTableText()));
  });

  it('has every format of the list of file extensions', () => {
    expect(Object.keys(imageTable)).toEqual(Object.keys(imageFormats));
  });

  it('has a test file for every format', async () => {
    const names = [...(await readdir(fixture(''))), ...(await readdir(fixture('same')))];
    const tested = new Set(names.map((name) => extname(name)));
    for (const [format, extensions] of Object.entries(imageFormats))
      expect(
        extensions.some((extension) => tested.has(extension)),
        format,
      ).toBe(true);
  });
});

describe('names of image files', () => {
  it('are recognized by their extension, in upper or lower case', () => {
    for (const extension of imageExtensions) {
      expect(isImageName(`a${extension}`)).toBe(true);
      expect(isImageName(`a.b${extension.toUpperCase()}`)).toBe(true);
    }
    for (const name of ['a.gif', 'a.npy', 'a', '.png', '._a.png', 'a.png.txt'])
      expect(isImageName(name)).toBe(false);
  });

  it('differ from names of maps', () => {
    for (const name of ['a.npy', 'a.TIFF', 'a.tif', 'a.png']) expect(isMapName(name)).toBe(true);
    for (const name of ['._a.npy', 'a.jpg', 'a.npz']) expect(isMapName(name)).toBe(false);
  });
});
