import { basename, dirname, extname, join, relative } from 'node:path';
import { splitPage } from '../../files/paged-path.ts';
import type { FoundImage } from '../library/find-images.ts';

/**
 * The path, without ending, below which the files of each image are written: the folders below the path it was found
 * through are kept. Where two images would meet (`a.png` and `a.jpg`, or one name from two paths), the later keeps its
 * extension and, if need be, gets a number. Pages keep theirs: `stack#2`.
 */
export function outputNames(images: readonly FoundImage[], out: string): string[] {
  const taken = new Set<string>();
  return images.map(({ path, root }) => {
    const folder = join(out, root === path ? '' : relative(root, dirname(path)));
    const { file, page } = splitPage(path);
    const name = basename(path);
    const stem = basename(file, extname(file));
    const candidates = (function* () {
      yield page === undefined ? stem : `${stem}#${page}`;
      yield name;
      for (let number = 2; ; number++) yield `${name}-${number}`;
    })();
    for (const candidate of candidates) {
      const output = join(folder, candidate);
      // Compared without case: that is how Windows and macOS compare file names.
      if (taken.has(output.toLowerCase())) continue;
      taken.add(output.toLowerCase());
      return output;
    }
    throw new Error('unreachable: the numbers do not end');
  });
}
