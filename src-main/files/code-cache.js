import { enableCompileCache } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { isPackaged } from '../platform/installation.js';

/**
 * Has Node keep what it compiles from now on, which is half of the start of a short process. JavaScript, for what strips types
 * takes long to load, and need not be where compiled code is at hand.
 *
 * @returns {string | undefined} the folder that it is kept in; undefined where it cannot be kept
 */
export function enableCodeCache() {
  return enableCompileCache(codeCacheFolder()).directory;
}

/**
 * The folder for compiled code: of a checkout below its packages, where whoever may write may change the code itself, of the
 * packaged application (an archive) a folder of the user's. The system's temporary folder is anybody's.
 *
 * @param {{ packaged?: boolean, platform?: NodeJS.Platform, env?: NodeJS.ProcessEnv }} where
 */
export function codeCacheFolder({
  packaged = isPackaged,
  platform = process.platform,
  env = process.env,
} = {}) {
  if (!packaged) return join(import.meta.dirname, '../../node_modules/.cache/perch');
  return join(userCacheFolder(platform, env), 'code');
}

/** @param {NodeJS.Platform} platform @param {NodeJS.ProcessEnv} env */
function userCacheFolder(platform, env) {
  if (env.PERCH_HOME) return join(env.PERCH_HOME, 'cache');
  const home = os.homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Perch');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Perch', 'cache');
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'perch');
}
