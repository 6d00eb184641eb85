import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeCacheFolder } from './code-cache.js';

it('stores compiled code in node_modules of a checkout, or in a folder of the user', () => {
  expect(codeCacheFolder({ packaged: false })).toBe(
    join(import.meta.dirname, '../../node_modules/.cache/perch'),
  );
  const packaged = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) =>
    codeCacheFolder({ packaged: true, platform, env });
  expect(packaged('linux', { XDG_CACHE_HOME: '/c' })).toBe('/c/perch/code');
  expect(packaged('win32', { LOCALAPPDATA: '/local' })).toBe('/local/Perch/cache/code');
  expect(packaged('darwin', {})).toMatch(/\/Library\/Caches\/Perch\/code$/);
  expect(packaged('linux', { PERCH_HOME: '/data' })).toBe('/data/cache/code');
});
