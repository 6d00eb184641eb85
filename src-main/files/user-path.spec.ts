import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveUserPath } from './user-path.ts';

describe('a path that a user typed', () => {
  it.each([
    ['~', homedir()],
    ['~/cloth', join(homedir(), 'cloth')],
    ['cloth', resolve('cloth')],
    ['/images/~/cloth', resolve('/images/~/cloth')],
    ['~ada', resolve('~ada')],
    ['./~', resolve('~')],
  ])('%s resolves as in a shell', (typed, path) => {
    expect(resolveUserPath(typed)).toBe(path);
  });
});
