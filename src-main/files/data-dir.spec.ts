import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectoryOn } from './data-dir.ts';

describe('the data directory', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.local/share/perch'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/home/ada', '/data/perch'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Application Support/Perch'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Local\\Perch'],
    ['win32', { LOCALAPPDATA: 'D:\\Local', APPDATA: 'D:\\Roaming' }, 'C:\\Users\\ada', 'D:\\Local\\Perch'],
  ] as const)('has its place on %s %o', (platform, env, home, expected) => {
    expect(dataDirectoryOn({ platform, env, home })).toBe(expected);
  });

  it('is PERCH_HOME on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(dataDirectoryOn({ platform, env: { PERCH_HOME: 'mine' }, home: '/home/ada' })).toBe(
        resolve('mine'),
      );
  });

  it.skipIf(process.platform === 'win32')(
    'is the roaming directory of an earlier version if that contains a store',
    async () => {
      // A backslash is part of a name on this platform.
      const folder = await mkdtemp(join(tmpdir(), 'perch-home-'));
      const env = { LOCALAPPDATA: join(folder, 'Local'), APPDATA: join(folder, 'Roaming') };
      const [local, roaming] = [env.LOCALAPPDATA, env.APPDATA].map(
        (base) => `${base.replaceAll('/', '\\')}\\Perch`,
      );
      const where = { platform: 'win32', env, home: folder } as const;
      const cwd = process.cwd();
      process.chdir(folder);
      try {
        await mkdir(roaming);
        await writeFile(join(roaming, 'Preferences'), "Chromium's");
        expect(dataDirectoryOn(where)).toBe(local);
        await writeFile(join(roaming, 'perch.db'), '');
        expect(dataDirectoryOn(where)).toBe(roaming);
        await mkdir(local);
        await writeFile(join(local, 'perch.db'), '');
        expect(dataDirectoryOn(where)).toBe(local);
      } finally {
        process.chdir(cwd);
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
