import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { persistentSamples, samplesFolder } from './samples.ts';

let folder: string;
let source: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-spec-'));
  [source, home] = [join(folder, 'mount/samples'), join(folder, 'home')];
  mkdirSync(join(source, 'wood/test'), { recursive: true });
  writeFileSync(join(source, 'wood/test/000.png'), 'zero');
  writeFileSync(join(source, 'wood/test/001.png'), 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('are used where they lie in a checkout', async () => {
  expect(await persistentSamples(home, { packaged: false })).toBe(samplesFolder);
  expect(existsSync(join(samplesFolder, 'wood'))).toBe(true);
  expect(existsSync(home)).toBe(false);
});

it('of a package outlive the place that it was mounted at', async () => {
  const samples = await persistentSamples(home, { packaged: true, source });
  rmSync(join(folder, 'mount'), { recursive: true });
  expect(readFileSync(join(samples, 'wood/test/001.png'), 'utf8')).toBe('one');
});

it('are completed where a copy was cut off, and otherwise left as they are', async () => {
  const samples = await persistentSamples(home, { packaged: true, source });
  writeFileSync(join(samples, 'wood/test/000.png'), 'mine');
  unlinkSync(join(samples, 'wood/test/001.png'));
  writeFileSync(join(samples, 'wood/test/001.png.part'), 'o');
  expect(await persistentSamples(home, { packaged: true, source })).toBe(samples);
  expect(readFileSync(join(samples, 'wood/test/000.png'), 'utf8')).toBe('mine');
  expect(readFileSync(join(samples, 'wood/test/001.png'), 'utf8')).toBe('one');
  expect(existsSync(join(samples, 'wood/test/001.png.part'))).toBe(false);
});

it('cannot be copied into a folder that may not be written to', async () => {
  writeFileSync(home, '');
  await expect(persistentSamples(home, { packaged: true, source })).rejects.toMatchObject({
    code: 'NOT_WRITABLE',
  });
});
