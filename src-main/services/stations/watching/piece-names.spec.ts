import { expect, it } from 'vitest';
import { isPieceName } from './piece-names.ts';

it.each(['a.png', 'A.JPG', 'day 1/a.tiff', 'a.tmp.png'])('%s is a piece', (file) =>
  expect(isPieceName(file)).toBe(true),
);

it.each([
  '.a.png',
  'a.png.tmp',
  'a.png.part',
  'a.png~',
  'a.txt',
  'a',
  '.trash/a.png',
  'copy.part/a.png',
  '_.png/.b.png',
])('%s is none', (file) => expect(isPieceName(file)).toBe(false));
