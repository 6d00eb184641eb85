import { describe, expect, it } from 'vitest';
import { numberProblem } from './number-problem.ts';

describe('numberProblem', () => {
  it.each([
    ['9', { minimum: 3, maximum: 31, odd: true }],
    [' 0.5 ', { minimum: 0, maximum: 1000, exclusiveMinimum: true }],
    ['0', { minimum: 0, maximum: 1000 }],
    ['4294967295', { minimum: 0, maximum: 2 ** 32 - 1, integer: true }],
    ['', { minimum: 16, maximum: 8192, integer: true, optional: true }],
  ])('accepts "%s"', (text, limits) => {
    expect(numberProblem(text, limits)).toBe('');
  });

  it.each([
    ['8', { minimum: 3, maximum: 31, odd: true }, 'An odd number from 3 to 31.'],
    ['33', { minimum: 3, maximum: 31, odd: true }, 'An odd number from 3 to 31.'],
    ['0', { minimum: 0, maximum: 1000, exclusiveMinimum: true }, 'A number above 0, at most 1000.'],
    ['1.5', { minimum: 1, maximum: 10, integer: true }, 'A whole number from 1 to 10.'],
    ['', { minimum: 1, maximum: 10, integer: true }, 'A whole number from 1 to 10.'],
    [
      '5',
      { minimum: 16, maximum: 32, integer: true, optional: true },
      'A whole number from 16 to 32, or empty.',
    ],
    ['ten', { minimum: 1, maximum: 10 }, 'A number from 1 to 10.'],
  ])('rejects "%s"', (text, limits, problem) => {
    expect(numberProblem(text, limits)).toBe(problem);
  });
});
