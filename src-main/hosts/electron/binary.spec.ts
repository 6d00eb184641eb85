import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchElectron, findElectron, hasScreen } from './binary.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** An install script as the package has one. */
const install = (script: string) => writeFileSync(join(folder, 'install.js'), script);

describe('the Electron binary', () => {
  it('is not there before it was fetched, nor when only half of it was', () => {
    expect(findElectron(folder, {})).toBeUndefined();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder, {})).toBeUndefined();
  });

  it('is found by the name that the package gives, also in a folder of the person’s own', () => {
    writeFileSync(join(folder, 'path.txt'), 'electron');
    for (const name of ['dist', 'own']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'electron'), '');
    }
    expect(findElectron(folder, {})).toBe(join(folder, 'dist/electron'));
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'own') };
    expect(findElectron(folder, environment)).toBe(join(folder, 'own/electron'));
  });

  it('is fetched by the script of the package', () => {
    install(`
      const fs = require('node:fs');
      fs.mkdirSync(__dirname + '/dist');
      fs.writeFileSync(__dirname + '/dist/electron', '');
      fs.writeFileSync(__dirname + '/path.txt', 'electron');
    `);
    fetchElectron(folder, 60_000);
    expect(findElectron(folder, {})).toBe(join(folder, 'dist/electron'));
  });

  it.each([
    ['fails', 'process.exit(1)'],
    ['never ends', 'setInterval(() => {}, 1000)'],
  ])('is not to be had where the script %s', (_, script) => {
    install(script);
    fetchElectron(folder, 200);
    expect(findElectron(folder, {})).toBeUndefined();
  });
});

describe('the screen', () => {
  it('is known to be missing on Linux by its environment alone', () => {
    expect(hasScreen('linux', {})).toBe(false);
    expect(hasScreen('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasScreen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasScreen('darwin', {})).toBe(true);
    expect(hasScreen('win32', {})).toBe(true);
  });
});
