import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { announce } from './announce-ready.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('writes the stage to an existing file', () => {
  const file = join(folder, 'ready');
  writeFileSync(file, '');
  announce('starting', { PERCH_READY_FILE: file });
  expect(readFileSync(file, 'utf8')).toBe('starting');
  announce('ready', { PERCH_READY_FILE: file });
  expect(readFileSync(file, 'utf8')).toContain('ready');
});

it('creates no file and works without one', () => {
  const file = join(folder, 'absent');
  announce('ready', { PERCH_READY_FILE: file });
  announce('ready', {});
  expect(existsSync(file)).toBe(false);
});
