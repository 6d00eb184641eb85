import os from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder of what belongs to the user and not to an installation of Perch: models that were added. It is
 * `PERCH_HOME` where that is set, else the place that the platform has for such things; it need not exist yet.
 */
export function perchHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PERCH_HOME) return resolve(env.PERCH_HOME);
  const home = os.homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Perch');
  if (process.platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Perch');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'perch');
}
