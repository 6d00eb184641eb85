import { copyFile, link, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Not part of what is packaged, and changed while tests run. */
const LEFT_OUT = new Set(['.git', 'coverage', 'perch-results', 'release', 'test-results']);

/** Makes a copy of a checkout with its packages. It consists of hard links where they can be made, which takes two seconds. */
export async function mirrorCheckout(from: string, to: string): Promise<void> {
  await mirrorFolder(from, to, LEFT_OUT);
}

/** The same for any folder. */
export async function mirrorFolder(from: string, to: string, leftOut?: Set<string>): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (leftOut?.has(entry.name)) return;
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) await mirrorFolder(source, target);
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
      // Links do not reach another file system.
      else await link(source, target).catch(() => copyFile(source, target));
    }),
  );
}
