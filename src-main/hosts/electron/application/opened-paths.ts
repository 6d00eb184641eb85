import { isAbsolute, resolve } from 'node:path';

/** An application that was started, as far as its command line goes. */
export interface CommandLine {
  argv: readonly string[];
  /** The folder that relative paths are below. */
  folder: string;
  /** In development, the script that Electron was given: no path to be opened. */
  script?: string;
}

/**
 * The files and folders that a person asked to open on a command line. What starts with a dash is a switch of Chromium or
 * Perch, but for what follows `--`.
 */
export function parseOpenedPaths({ argv, folder, script }: CommandLine): string[] {
  const [, ...members] = argv;
  const end = members.indexOf('--');
  const before = end < 0 ? members : members.slice(0, end);
  const paths = [
    ...before.filter((member) => !member.startsWith('-')),
    ...(end < 0 ? [] : members.slice(end + 1)),
  ].map((path) => (isAbsolute(path) ? path : resolve(folder, path)));
  return paths.filter((path) => path !== script);
}
