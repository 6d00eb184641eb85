import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of reference outputs and real images beside the project; not everyone has it. */
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** A file or folder of it, by its path there. */
export const sharedPath = (path: string): string => shared + path;

/** For `describe.skipIf`: says on the console what is skipped. */
export function missingShared(path: string): boolean {
  if (existsSync(sharedPath(path))) return false;
  console.warn(`Skipped: ../shared/${path} is not there, so nothing can be compared with it.`);
  return true;
}
