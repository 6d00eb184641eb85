import { relative } from 'node:path';

/** A path for one line of output: relative if it is below the working directory, line breaks and tabs escaped. */
export function displayPath(path: string): string {
  const short = relative('.', path);
  const shown = short === '' || short.startsWith('..') ? path : short;
  return shown.replace(/[\t\r\n]/g, (character) => JSON.stringify(character).slice(1, -1));
}
