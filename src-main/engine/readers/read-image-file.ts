import { splitPage } from '../../files/paged-path.ts';
import { readInputFile } from '../../files/read.ts';
import { readPagedFile } from './paged-file.ts';

/**
 * Reads the bytes of an image file. For `FILE#N`, reads the whole file.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`
 */
export function readImageFile(path: string): Promise<Buffer<ArrayBuffer>> {
  const { file, page } = splitPage(path);
  return page === undefined ? readInputFile(file) : readPagedFile(file);
}
