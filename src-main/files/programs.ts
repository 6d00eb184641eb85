import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each program that Perch starts as a process: its source below `src-main`, and its bundle below `dist`. */
const programs = {
  engine: ['engine/main.ts', 'engine/main.mjs'],
  commandLine: ['hosts/cli/start.js', 'cli/perch.mjs'],
  benchWorker: ['hosts/cli/bench/worker.ts', 'cli/bench-worker.mjs'],
} as const;

/** The file of a program. A bundle starts bundles, a source starts sources: this file and each bundle lie one folder deep. */
export function programPath(name: keyof typeof programs): string {
  const [source, bundle] = programs[name];
  const bundled = basename(import.meta.url) !== 'programs.ts';
  return fileURLToPath(new URL(`../${bundled ? bundle : source}`, import.meta.url));
}
