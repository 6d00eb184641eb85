import { splitPage } from '../../files/paged-path.ts';
import { readInputFile } from '../../files/read.ts';

/**
 * Reads the bytes of an image file. For `FILE#N`, reads the whole file.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`
 */
export async function readImageFile(path: string): Promise<Buffer<ArrayBuffer>> {
  const { file, page } = splitPage(path);
  if (page === undefined) return readInputFile(file);
  const { readPagedFile } = await import('./paged-file.ts');
  return readPagedFile(file);
}
