import { describe, expect, it } from 'vitest';
import { argumentsIn, nameIn, notationOf, written } from './component-spec.ts';

const drawn = {
  name: 'random',
  arguments: [
    { name: 'count', standard: 10, minimum: 1, maximum: 99 },
    { name: 'seed', standard: 0, minimum: 0, maximum: 2 ** 32 - 1 },
  ],
};

describe('numbers after a name', () => {
  it.each([
    ['random', [10, 0]],
    ['random:3', [3, 0]],
    ['random:3:4294967295', [3, 4294967295]],
  ])('%s', (text, numbers) => {
    expect(nameIn(text)).toBe('random');
    expect(argumentsIn(text, drawn)).toEqual(numbers);
  });

  it.each([
    'random:',
    'random:0',
    'random:100',
    'random:1.5',
    'random:-1',
    'random:1e1',
    'random:3:x',
    'random: 3',
  ])('refuses %s and says how it is written', (text) => {
    expect(() => argumentsIn(text, drawn)).toThrow(/written random\[:COUNT\[:SEED\]\]/);
  });

  it('refuses more numbers than the member takes', () => {
    expect(() => argumentsIn('random:1:2:3', drawn)).toThrow(/too many parts/);
    expect(() => argumentsIn('all:1', { name: 'all', arguments: [] })).toThrow(/written all\./);
  });

  it('is written plainly where there are none', () => {
    expect(notationOf({ name: 'all', arguments: [] })).toBe('all');
  });
});

describe('a name with its numbers', () => {
  it('says the first one, and others that are not standard', () => {
    expect(written(drawn, [10, 0])).toBe('random:10');
    expect(written(drawn, [10, 7])).toBe('random:10:7');
    expect(written({ name: 'median', arguments: [] }, [])).toBe('median');
  });

  it('reads as it was written', () => {
    for (const numbers of [
      [10, 0],
      [3, 0],
      [10, 5],
      [99, 2 ** 32 - 1],
    ])
      expect(argumentsIn(written(drawn, numbers), drawn)).toEqual(numbers);
  });
});
