import type { FileHandle } from 'node:fs/promises';
import { assertInside, type PixelSource } from '../pixel-source.ts';
import { readSideBySide } from './right-source.ts';
import type { StoredImage } from './stored-image.ts';
import { storedSource } from './stored-source.ts';

/** A roll whose frames follow each other in an open pixel file. Closing it closes the file. */
export function rollSource(
  file: FileHandle,
  image: StoredImage,
  identity: { path: string; sha256: string; bitDepth: number | undefined },
): PixelSource {
  const whole = storedSource(file, image, { ...identity, name: '' });
  const { direction, frames } = image.roll ?? { direction: 'down', frames: whole.frames };
  if (direction === 'down') return { ...whole, frames };
  const columnBytes = image.height * image.bands * (image.depth / 8);
  return {
    ...whole,
    frames,
    read(rectangle) {
      assertInside(rectangle, image);
      return readSideBySide(frames, rectangle, ({ offset, length }, part) => {
        const frame = { ...image, width: length, offset: image.offset + offset * columnBytes };
        return storedSource(file, frame, { ...identity, name: '' }).read(part);
      });
    },
  };
}
