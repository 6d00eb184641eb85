import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { displayPath } from './display-path.ts';

it('is relative below the working directory and absolute elsewhere', () => {
  expect(displayPath(resolve('images/a.png'))).toBe(join('images', 'a.png'));
  expect(displayPath(resolve('../a.png'))).toBe(resolve('../a.png'));
});

it('stays on one line', () => {
  expect(displayPath('a\nb\tc\r.png')).toBe('a\\nb\\tc\\r.png');
});
