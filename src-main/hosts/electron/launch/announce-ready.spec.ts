import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { announce } from './announce-ready.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('writes how far the shell is to the file that waits for it', () => {
  const file = join(folder, 'ready');
  writeFileSync(file, '');
  announce('starting', { PERCH_READY_FILE: file });
  expect(readFileSync(file, 'utf8')).toBe('starting');
  announce('ready', { PERCH_READY_FILE: file });
  expect(readFileSync(file, 'utf8')).toContain('ready');
});

it('makes no file, and needs none', () => {
  const file = join(folder, 'absent');
  announce('ready', { PERCH_READY_FILE: file });
  announce('ready', {});
  expect(existsSync(file)).toBe(false);
});
