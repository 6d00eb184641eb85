import { enableCompileCache } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { isPackaged } from '../platform/installation.js';

/**
 * Enables Node's compile cache, which halves the start time of short processes. This file is JavaScript because loading the type
 * stripper takes longer than it saves when the code is cached.
 *
 * @returns {string | undefined} the cache folder; undefined if the cache cannot be used
 */
export function enableCodeCache() {
  return enableCompileCache(codeCacheFolder()).directory;
}

/**
 * The folder for compiled code. In a checkout it is in node_modules, where write access already permits changing the code. The packaged
 * application uses a folder of the user. The system's temporary folder is not safe, because every user can write to it.
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
