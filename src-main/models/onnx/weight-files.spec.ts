import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WeightFiles } from './weight-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-weights-'));
  await writeFile(join(folder, 'net.data'), Buffer.from('0123456789'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = () => new WeightFiles(join(folder, 'net.onnx'));
const weights = { tensor: 'w', location: 'net.data', offset: 0, length: undefined };

describe('external weights', () => {
  it('are read from their position in the file', async () => {
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'more/b'), 'abc');
    const read = files();
    expect(Buffer.from(read.read({ ...weights, offset: 2, length: 3 })).toString()).toBe('234');
    expect(Buffer.from(read.read({ ...weights, offset: 5 })).toString()).toBe('56789');
    expect(Buffer.from(read.read({ ...weights, location: './more/b' })).toString()).toBe('abc');
  });

  it.each([
    ["above the model's folder", { location: '../secret' }, /outside the model's folder/],
    ['above it, in Windows notation', { location: 'a\\..\\..\\secret' }, /outside the model's folder/],
    ['at an absolute path', { location: '/etc/passwd' }, /outside the model's folder/],
    ['on another drive', { location: 'C:\\secret' }, /outside the model's folder/],
    ['nowhere', { location: '' }, /outside the model's folder/],
    ['in a missing file', { location: 'gone' }, /gone, which does not exist. Copy that file/],
    ['in a folder', { location: '.' }, /not a regular file/],
    [
      'beyond the end',
      { offset: 8, length: 3 },
      /net\.data has 10 bytes, but the weights w would end at byte 11/,
    ],
    ['far beyond the end', { offset: 2 ** 52 }, /would end at byte/],
  ])('are rejected %s', (_, given, reason) => {
    expect(() => files().read({ ...weights, ...given })).toThrow(reason);
  });

  it('are rejected if they overlap, or are too large for a model', async () => {
    const read = files();
    read.read(weights);
    expect(() => read.read(weights)).toThrow(/overlap/);
    await truncate(join(folder, 'net.data'), 2 ** 31);
    expect(() => files().read({ ...weights, length: 1 })).toThrow(/the limit is 2 GiB/);
  });

  it.skipIf(process.platform === 'win32')('are refused if the file is a pipe, without blocking', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(() => files().read({ ...weights, location: 'pipe' })).toThrow(/not a regular file/);
  });
});
