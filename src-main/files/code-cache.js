import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Beside the packages, where whoever may write may change the code itself; the system's temporary folder is anybody's. */
const folder = join(import.meta.dirname, '../../node_modules/.cache/perch');

/**
 * Has Node keep what it compiles from now on, which is half of the start of a short process. JavaScript, for what strips types
 * takes long to load, and need not be where compiled code is at hand.
 *
 * @returns {string | undefined} the folder that it is kept in; undefined where it cannot be kept
 */
export function keepCompiledCode() {
  return enableCompileCache(folder).directory;
}
