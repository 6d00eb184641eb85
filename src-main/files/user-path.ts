import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** Resolves a path that a user typed. A leading `~` is the home folder, as in a shell. */
export function resolveUserPath(path: string): string {
  return resolve(path.replace(/^~(?=$|[/\\])/, () => homedir()));
}
