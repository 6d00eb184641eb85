import { describe, expect, it } from 'vitest';
import { isPackaged, isPackagedPath } from './installation.js';
import { remedyFor } from './remedies.ts';

describe('the kind of installation', () => {
  it.each([
    '/opt/Perch/resources/app.asar/dist/electron/main.js',
    '/opt/Perch/resources/app.asar.unpacked/dist/engine/main.mjs',
    'C:\\Program Files\\Perch\\resources\\app.asar.unpacked\\dist\\engine\\main.mjs',
  ])('is the packaged application at %s', (path) => expect(isPackagedPath(path)).toBe(true));

  it.each(['/home/ada/perch/src-main/engine/main.ts', '/home/ada/app.asarnotes/dist/electron/main.js'])(
    'is a checkout at %s',
    (path) => expect(isPackagedPath(path)).toBe(false),
  );

  it('is a checkout in this test', () => expect(isPackaged).toBe(false));
});

describe('a remedy', () => {
  it.each(['engine', 'node', 'nativeModule', 'cudaProvider', 'screens'] as const)(
    'for %s names npm in a checkout only',
    (part) => {
      expect(remedyFor(part, false)).toMatch(/`npm /);
      expect(remedyFor(part, true)).not.toMatch(/npm|npx/);
    },
  );
});
