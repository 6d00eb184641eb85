import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOpenedPaths } from './opened-paths.ts';

describe('paths on the command line of the application', () => {
  it('are resolved from the working directory', () => {
    const argv = ['/opt/Perch/perch', 'cloth.png', '/data/roll', '../other'];
    expect(parseOpenedPaths({ argv, folder: '/home/ada' })).toEqual([
      resolve('/home/ada/cloth.png'),
      resolve('/data/roll'),
      resolve('/home/other'),
    ]);
  });

  it('exclude switches and the script of development', () => {
    const script = resolve('/perch/dist/electron/main.js');
    const argv = ['electron', '--no-sandbox', script, '--disable-gpu', 'cloth.png'];
    expect(parseOpenedPaths({ argv, folder: '/home/ada', script })).toEqual([resolve('/home/ada/cloth.png')]);
  });

  it('may start with a dash after --', () => {
    expect(parseOpenedPaths({ argv: ['perch', '--', '-odd.png'], folder: '/a' })).toEqual([
      resolve('/a/-odd.png'),
    ]);
    expect(parseOpenedPaths({ argv: ['perch'], folder: '/a' })).toEqual([]);
  });
});
