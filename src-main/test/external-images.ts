import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Images of other people, which the repository must not contain; PERCH_TEST_IMAGES names their folder. */
const folder =
  process.env.PERCH_TEST_IMAGES ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A file or folder of the external images, by its path there. */
export const externalPath = (path: string): string => `${folder}/${path}`;

/** For `skipIf`. Prints what is skipped, so that a skipped test is never silent. */
export function missingExternal(path: string): boolean {
  if (existsSync(externalPath(path))) return false;
  console.warn(
    `SKIPPED: the test on ${path} needs images that are not part of the repository. ` +
      `Set PERCH_TEST_IMAGES to the folder that contains ${path}.`,
  );
  return true;
}
