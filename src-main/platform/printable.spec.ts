import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('escapes control sequences, and nothing else', () => {
  expect(printable('größe 布.png\tok\n')).toBe('größe 布.png\tok\n');
  expect(printable('a\x1b]0;owned\x07\x1b[2Jb')).toBe('a\\x1b]0;owned\\x07\\x1b[2Jb');
  expect(printable('a\rb\x00\x7f\u009b31m')).toBe('a\\x0db\\x00\\x7f\\x9b31m');
  expect(printable('gnp.\u202efdp')).toBe('gnp.\\u202efdp');
});
