import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versions } from './environment.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, 'page', name), 'utf8');

/** The isolated world in which the preload script runs. */
export const preloadWorld = 'Electron Isolated Context';

/** Script that runs in the page's world before the page. */
export function pageScript(): string {
  return `(() => {\n${read('bridge.js')}\n${read('page-world.js')}\n})();`;
}

/** Script of the isolated world: the preload script and its environment. */
export function preloadScript(file: string | undefined): string {
  const preload = file === undefined ? '' : readFileSync(file, 'utf8');
  const world = read('preload-world.js')
    .replace('PLATFORM', process.platform)
    .replace('VERSIONS', JSON.stringify({ ...process.versions, ...versions }))
    .replace('PRELOAD;', () => preload);
  return `(() => {\n${read('bridge.js')}\n${world}\n})();`;
}
