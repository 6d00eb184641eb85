import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Platform {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** The user's home folder. */
  home: string;
}

const here = (env: NodeJS.ProcessEnv): Platform => ({ env, platform: process.platform, home: os.homedir() });

/** What Perch keeps in its folder; Chromium's profile has nothing of these names. */
const OWN = ['perch.db', 'models', 'presets'];

/**
 * The folder of what belongs to the user and not to an installation of Perch: the store, models and presets. It is
 * `PERCH_HOME` where that is set, else the place that the platform has for such things; it need not exist yet.
 */
export function dataDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return dataDirectoryOn(here(env));
}

/** Why the folder is another than the usual one, in a sentence; undefined where it is not. */
export function dataDirectoryNotice(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const where = here(env);
  const found = dataDirectoryOn(where);
  if (where.env.PERCH_HOME || found === defaultDirectoryOn(where)) return undefined;
  return (
    `The store of an earlier Perch is used where it lies: a roaming profile, which Windows may copy at every logon. To move ` +
    `it, end Perch and move ${OWN.join(', ')}, blobs and imports to ${defaultDirectoryOn(where)}.`
  );
}

export function dataDirectoryOn(where: Platform): string {
  const { env, platform, home } = where;
  if (env.PERCH_HOME) return path.resolve(env.PERCH_HOME);
  const usual = defaultDirectoryOn(where);
  if (platform !== 'win32') return usual;
  // Where earlier versions kept it.
  const roaming = path.win32.join(env.APPDATA ?? path.win32.join(home, 'AppData', 'Roaming'), 'Perch');
  const isOurs = (folder: string) => OWN.some((name) => existsSync(path.join(folder, name)));
  return !isOurs(usual) && isOurs(roaming) ? roaming : usual;
}

function defaultDirectoryOn({ env, platform, home }: Platform): string {
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Perch');
  // Gigabytes of maps do not belong into a profile that roams.
  if (platform === 'win32')
    return path.win32.join(env.LOCALAPPDATA ?? path.win32.join(home, 'AppData', 'Local'), 'Perch');
  return path.posix.join(env.XDG_DATA_HOME ?? path.posix.join(home, '.local', 'share'), 'perch');
}
