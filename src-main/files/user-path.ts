import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** The absolute path that a person means; a leading `~` is the home folder, as in a shell. */
export function resolveUserPath(path: string): string {
  return resolve(path.replace(/^~(?=$|[/\\])/, () => homedir()));
}
