import { describe, expect, it } from 'vitest';
import { parseSpec, parseName, formatUsage, formatSpec } from './component-spec.ts';

const drawn = {
  name: 'random',
  parameters: [
    { name: 'count', default: 10, minimum: 1, maximum: 99 },
    { name: 'seed', default: 0, minimum: 0, maximum: 2 ** 32 - 1 },
  ],
};

describe('numbers after a name', () => {
  it.each([
    ['random', [10, 0]],
    ['random:3', [3, 0]],
    ['random:3:4294967295', [3, 4294967295]],
  ])('%s', (text, numbers) => {
    expect(parseName(text)).toBe('random');
    expect(parseSpec(text, drawn)).toEqual(numbers);
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
  ])('refuses %s and states the correct form', (text) => {
    expect(() => parseSpec(text, drawn)).toThrow(/Write it as random\[:COUNT\[:SEED\]\]/);
  });

  it('refuses more numbers than the component takes', () => {
    expect(() => parseSpec('random:1:2:3', drawn)).toThrow(/too many parts/);
    expect(() => parseSpec('all:1', { name: 'all', parameters: [] })).toThrow(/Write it as all\./);
  });

  it('has a usage without brackets if there are no numbers', () => {
    expect(formatUsage({ name: 'all', parameters: [] })).toBe('all');
  });
});

describe('a specifier with numbers', () => {
  it('contains the first number, and others that are not defaults', () => {
    expect(formatSpec(drawn, [10, 0])).toBe('random:10');
    expect(formatSpec(drawn, [10, 7])).toBe('random:10:7');
    expect(formatSpec({ name: 'median', parameters: [] }, [])).toBe('median');
  });

  it('parses to what it was formatted from', () => {
    for (const numbers of [
      [10, 0],
      [3, 0],
      [10, 5],
      [99, 2 ** 32 - 1],
    ])
      expect(parseSpec(formatSpec(drawn, numbers), drawn)).toEqual(numbers);
  });
});
