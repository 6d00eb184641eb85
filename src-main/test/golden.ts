import { fileURLToPath } from 'node:url';

/** A file or folder of assets/golden, by its path there. */
export const goldenPath = (path: string): string =>
  fileURLToPath(new URL(`../../assets/golden/${path}`, import.meta.url));
