import { expect, it } from 'vitest';
import { isImageName } from './dropped-files.ts';

it('knows images by their names', () => {
  expect(['a.png', 'B.JPG', 'c.jpeg', 'd.TIFF', 'e.tif', 'f.bmp', 'g.webp'].every(isImageName)).toBe(true);
  expect(['a.txt', 'png', 'a.png.zip', '.hidden.png', 'Thumbs.db'].some(isImageName)).toBe(false);
});
