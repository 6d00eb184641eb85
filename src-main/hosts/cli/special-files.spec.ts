import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { perch } from '../../test/perch.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perch-special-'));
  vi.stubEnv('PERCH_HOME', at('home'));
  const pixels = Buffer.from(Uint8Array.from({ length: 100 * 100 }, (_, i) => (i * 31) % 251));
  const image = await sharp(pixels, { raw: { width: 100, height: 100, channels: 1 } })
    .png()
    .toBuffer();
  writeFileSync(at('cloth.png'), image);
  if (process.platform === 'win32') return;
  for (const extension of ['png', 'npy', 'json', 'onnx', 'pth', 'safetensors'])
    execFileSync('mkfifo', [at(`pipe.${extension}`)]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

// Opening a named pipe without a writer would block the command and the test forever.
describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  it.each<[string, () => string[], number]>([
    ['among images', () => ['inspect', at('cloth.png'), at('pipe.png'), '--out', at('out')], 1],
    ['among images of a dataset', () => ['datasets', 'import', at('cloth.png'), at('pipe.png')], 0],
    ['as features', () => ['score', at('pipe.npy'), '--statistic', 'fca', '--out', at('map.npy')], 1],
    ['as a method', () => ['inspect', at('cloth.png'), '--method', at('pipe.json')], 1],
    ['as an ONNX file', () => ['models', 'import', 'mine', '--from', at('pipe.onnx')], 1],
    ['as a checkpoint', () => ['models', 'import', 'wide_resnet50', '--from', at('pipe.pth')], 1],
    ['as safetensors', () => ['models', 'import', 'wide_resnet50', '--from', at('pipe.safetensors')], 1],
  ])('%s is reported and not opened', async (_, args, exitCode) => {
    const { code, stderr } = await perch(...args());
    expect(stderr).toMatch(/pipe\.\w+.* is (a named pipe, )?not a regular file/);
    expect(code).toBe(exitCode);
  });
});

describe('an output path', () => {
  it.skipIf(process.platform !== 'linux')('below /proc fails with an error', async () => {
    const { code, stderr } = await perch('inspect', at('cloth.png'), '--out', '/proc/x');
    expect(stderr).toMatch(/Could not write \/proc\/x\/cloth\.map\.npy/);
    expect(code).toBe(1);
  });

  it('with a name that is too long fails with the reason', async () => {
    const out = at(`${'a'.repeat(300)}.npy`);
    const { stderr } = await perch('extract', at('cloth.png'), '--extractor', 'colors', '--out', out);
    expect(stderr).toMatch(/too long for this system/);
  });
});

describe.skipIf(process.platform === 'win32')('a file name', () => {
  it('with control characters is printed escaped', async () => {
    const name = 'x\x1b]0;owned\x07\x1b[31m.png';
    writeFileSync(at(name), 'no image');
    const { stderr } = await perch('inspect', at(name));
    expect(stderr).toContain('x\\x1b]0;owned\\x07\\x1b[31m.png is not an image');
    // eslint-disable-next-line no-control-regex
    expect(stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  });

  it('that is not UTF-8 is reported with that reason', async () => {
    writeFileSync(Buffer.concat([Buffer.from(at('bad')), Buffer.of(0xff), Buffer.from('.png')]), '');
    const { stderr } = await perch('inspect', folder, '--out', at('out'));
    expect(stderr).toMatch(/Cannot open \S*bad\ufffd\.png because its name is not UTF-8/);
  });
});
