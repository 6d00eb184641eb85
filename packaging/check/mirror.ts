import { copyFile, link, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that are not packaged and that change while tests run. */
const LEFT_OUT = new Set(['.git', 'coverage', 'perch-results', 'release', 'test-results']);

/** Copies a checkout with its packages, with hard links where possible, which takes two seconds. */
export async function mirrorCheckout(from: string, to: string): Promise<void> {
  await mirrorFolder(from, to, LEFT_OUT);
}

/** Copies any folder in the same way. */
export async function mirrorFolder(from: string, to: string, leftOut?: Set<string>): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (leftOut?.has(entry.name)) return;
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) await mirrorFolder(source, target);
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
      // Hard links cannot cross file systems.
      else await link(source, target).catch(() => copyFile(source, target));
    }),
  );
}
