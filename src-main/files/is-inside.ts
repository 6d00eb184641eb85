import { isAbsolute, relative } from 'node:path';

/** Whether a path is a folder, or below it. */
export function isInside(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !/^\.\.[\\/]/.test(below) && !isAbsolute(below);
}
