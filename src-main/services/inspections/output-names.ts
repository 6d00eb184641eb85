import { basename, dirname, extname, join, relative } from 'node:path';
import { splitPage } from '../../files/paged-path.ts';
import type { FoundImage } from '../library/find-images.ts';

/**
 * The path, without extension, for each image's output files. It contains the folders below the path that the
 * image was found through. If two paths would be the same (`a.png` and `a.jpg`, or one name from two
 * folders), the later one keeps its extension and gets a number if necessary. Pages keep theirs: `stack#2`.
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
      // Compared without case, because Windows and macOS ignore case in file names.
      if (taken.has(output.toLowerCase())) continue;
      taken.add(output.toLowerCase());
      return output;
    }
    throw new Error('unreachable: the numbers do not end');
  });
}
