import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveUserPath } from './user-path.ts';

describe('typedPath', () => {
  it.each([
    ['~', homedir()],
    ['~/cloth', join(homedir(), 'cloth')],
    ['cloth', resolve('cloth')],
    ['/images/~/cloth', resolve('/images/~/cloth')],
    ['~ada', resolve('~ada')],
    ['./~', resolve('~')],
  ])('takes %s as a shell does', (typed, path) => {
    expect(resolveUserPath(typed)).toBe(path);
  });
});
