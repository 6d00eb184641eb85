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

it('are used in place in a checkout', async () => {
  expect(await persistentSamples(home, { packaged: false })).toBe(samplesFolder);
  expect(existsSync(join(samplesFolder, 'wood'))).toBe(true);
  expect(existsSync(home)).toBe(false);
});

it('of the packaged application are copied and outlive its mount point', async () => {
  const samples = await persistentSamples(home, { packaged: true, source });
  rmSync(join(folder, 'mount'), { recursive: true });
  expect(readFileSync(join(samples, 'wood/test/001.png'), 'utf8')).toBe('one');
});

it('are completed after an interrupted copy, and not changed otherwise', async () => {
  const samples = await persistentSamples(home, { packaged: true, source });
  writeFileSync(join(samples, 'wood/test/000.png'), 'mine');
  unlinkSync(join(samples, 'wood/test/001.png'));
  writeFileSync(join(samples, 'wood/test/001.png.part'), 'o');
  expect(await persistentSamples(home, { packaged: true, source })).toBe(samples);
  expect(readFileSync(join(samples, 'wood/test/000.png'), 'utf8')).toBe('mine');
  expect(readFileSync(join(samples, 'wood/test/001.png'), 'utf8')).toBe('one');
  expect(existsSync(join(samples, 'wood/test/001.png.part'))).toBe(false);
});

it('cannot be copied to a folder without write permission', async () => {
  writeFileSync(home, '');
  await expect(persistentSamples(home, { packaged: true, source })).rejects.toMatchObject({
    code: 'NOT_WRITABLE',
  });
});
