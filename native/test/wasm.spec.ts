import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sourcesSha256 } from '../wasm/sources.ts';

const native = path.dirname(import.meta.dirname);
const built = path.join(native, 'wasm/perch.wasm');
/** Other versions of the compiler and the libraries produce other bytes. */
const hasToolchain =
  existsSync('/usr/share/doc/libc++-14-dev-wasm32') &&
  spawnSync('clang++', ['--version'], { encoding: 'utf8' }).stdout?.includes('14.0.6');

it('the WebAssembly build is up to date', () => {
  const record = JSON.parse(readFileSync(`${built}.json`, 'utf8')) as unknown;
  expect(record, 'run npm run build:wasm').toEqual({ sources: sourcesSha256(native) });
});

it.runIf(hasToolchain)(
  'the build script reproduces the WebAssembly build',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'perch-wasm-'));
    try {
      const output = path.join(folder, 'perch.wasm');
      const { status, stderr } = spawnSync(process.execPath, [path.join(native, 'wasm/build.ts'), output], {
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      expect(readFileSync(output).equals(readFileSync(built))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  300_000,
);
