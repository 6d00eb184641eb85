import { fileURLToPath } from 'node:url';

/** The path of a file or folder of assets/golden. */
export const goldenPath = (path: string): string =>
  fileURLToPath(new URL(`../../assets/golden/${path}`, import.meta.url));
