import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Images that belong to others, which the repository must not contain. PERCH_TEST_IMAGES names their folder.
 */
const folder =
  process.env.PERCH_TEST_IMAGES ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** The path of a file or folder of the external images. */
export const externalPath = (path: string): string => `${folder}/${path}`;

/** A condition for `skipIf`. Prints the missing path, so that no test is skipped silently. */
export function missingExternal(path: string): boolean {
  if (existsSync(externalPath(path))) return false;
  console.warn(
    `SKIPPED: the test on ${path} needs images that are not part of the repository. ` +
      `Set PERCH_TEST_IMAGES to the folder that contains ${path}.`,
  );
  return true;
}
