import { expect, it } from 'vitest';
import { explanation, shortTitle } from './method-titles.ts';

const members = [
  { name: 'gabor', title: 'Gabor: oriented-energy pyramid' },
  { name: 'fca', title: 'FCA' },
];

it('takes titles apart', () => {
  expect(members.map(({ name }) => shortTitle(members, name))).toEqual(['Gabor', 'FCA']);
  expect(members.map(({ title }) => explanation(title))).toEqual(['oriented-energy pyramid', 'FCA']);
  expect(shortTitle(members, 'unheard')).toBe('unheard');
});
