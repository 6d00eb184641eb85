import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs that Perch starts as processes: source below `src-main`, bundle below `dist`. */
const programs = {
  engine: ['engine/main.ts', 'engine/main.mjs'],
  commandLine: ['hosts/cli/start.js', 'cli/perch.mjs'],
  benchWorker: ['hosts/cli/bench/worker.ts', 'cli/bench-worker.mjs'],
} as const;

/**
 * The path of a program. Bundled code starts bundles, and source code starts sources. The path is relative to this file, so this file
 * and every bundle must be exactly one folder deep.
 */
export function programPath(name: keyof typeof programs): string {
  const [source, bundle] = programs[name];
  const bundled = basename(import.meta.url) !== 'programs.ts';
  return fileURLToPath(new URL(`../${bundled ? bundle : source}`, import.meta.url));
}
