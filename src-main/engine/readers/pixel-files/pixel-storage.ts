import { join } from 'node:path';
import { dataDirectory } from '../../../files/data-dir.ts';
import { PIXEL_FILES_FOLDER } from '../../../files/large-image-folders.ts';
import type { PixelStorage } from './open-pixel-file.ts';

/** Where this engine keeps decoded images: in the data directory. */
export function pixelStorage(): Pick<PixelStorage, 'folder'> {
  return { folder: join(dataDirectory(), PIXEL_FILES_FOLDER) };
}
