import { expect, it } from 'vitest';
import { commonFolder } from './dropped-files.ts';

it('finds the dropped folder if it is the only item', () => {
  const of = (...paths: string[]) => commonFolder(paths.map((path) => ({ path })));
  expect(of('linen/test/1.png', 'linen/test/good/2.png')).toBe('linen');
  expect(of('linen/1.png', 'linen 2/1.png')).toBeUndefined();
  expect([of('1.png'), of('1.png', 'linen/2.png'), of()]).toEqual([undefined, undefined, undefined]);
});
