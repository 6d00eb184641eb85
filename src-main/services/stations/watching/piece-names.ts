import { isImageName } from '../../../common/file-formats.ts';

/** Endings of names under which programs write files before they rename them. */
const UNFINISHED = /(?:\.(?:tmp|temp|part|partial|filepart|crdownload|download|swp)|~)$/i;

/**
 * Whether a file is a piece by its name: an image, not hidden, and not in a hidden folder. Names of unfinished files are ignored.
 *
 * @param file relative to the folder of the station, with `/`
 */
export function isPieceName(file: string): boolean {
  const names = file.split('/');
  return (
    names.every((name) => !name.startsWith('.') && !UNFINISHED.test(name)) && isImageName(names.at(-1) ?? '')
  );
}

/** Whether a folder below the station's folder is watched. */
export function isWatchedFolder(name: string): boolean {
  return !name.startsWith('.') && !UNFINISHED.test(name);
}
