import { isAbsolute, resolve } from 'node:path';

/** The command line of a started application. */
export interface CommandLine {
  argv: readonly string[];
  /** The folder that relative paths refer to. */
  folder: string;
  /** In development, the script that Electron runs. It is not opened. */
  script?: string;
}

/**
 * The files and folders to open, from a command line. An argument with a leading dash is a switch of Chromium or Perch,
 * unless it follows `--`.
 */
export function parseOpenedPaths({ argv, folder, script }: CommandLine): string[] {
  const [, ...args] = argv;
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const paths = [
    ...before.filter((arg) => !arg.startsWith('-')),
    ...(end < 0 ? [] : args.slice(end + 1)),
  ].map((path) => (isAbsolute(path) ? path : resolve(folder, path)));
  return paths.filter((path) => path !== script);
}
