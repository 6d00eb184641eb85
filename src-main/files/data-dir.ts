import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Platform {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** The user's home folder. */
  home: string;
}

const current = (env: NodeJS.ProcessEnv): Platform => ({
  env,
  platform: process.platform,
  home: os.homedir(),
});

/** Names that identify a data directory. Chromium profiles contain none of them. */
const MARKERS = ['perch.db', 'models', 'presets'];

/**
 * The data directory: the user's store, models and presets, independent of any installation of Perch. It is `PERCH_HOME` if set, else
 * the platform's directory for application data. It may not exist yet.
 */
export function dataDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return dataDirectoryOn(current(env));
}

/** Explains why the data directory is not the default one; undefined if it is, or if the user set it. */
export function dataDirectoryNotice(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const where = current(env);
  const found = dataDirectoryOn(where);
  if (where.env.PERCH_HOME || found === defaultDirectoryOn(where)) return undefined;
  return (
    `The data directory is the one of an earlier version. It is in a roaming profile, which Windows may copy at every logon. To move ` +
    `it, close Perch and move ${MARKERS.join(', ')}, blobs and imports to ${defaultDirectoryOn(where)}.`
  );
}

export function dataDirectoryOn(where: Platform): string {
  const { env, platform, home } = where;
  if (env.PERCH_HOME) return path.resolve(env.PERCH_HOME);
  const usual = defaultDirectoryOn(where);
  if (platform !== 'win32') return usual;
  // The location in earlier versions.
  const roaming = path.win32.join(env.APPDATA ?? path.win32.join(home, 'AppData', 'Roaming'), 'Perch');
  const isOurs = (folder: string) => MARKERS.some((name) => existsSync(path.join(folder, name)));
  return !isOurs(usual) && isOurs(roaming) ? roaming : usual;
}

function defaultDirectoryOn({ env, platform, home }: Platform): string {
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Perch');
  // Not in the roaming profile, because maps take gigabytes.
  if (platform === 'win32')
    return path.win32.join(env.LOCALAPPDATA ?? path.win32.join(home, 'AppData', 'Local'), 'Perch');
  return path.posix.join(env.XDG_DATA_HOME ?? path.posix.join(home, '.local', 'share'), 'perch');
}
