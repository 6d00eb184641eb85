import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagreement } from './disagreement.ts';

const scores = (...values: number[]) => new Map(values.map((value, image) => [image, value]));

describe('disagreement of methods', () => {
  it('is 0 for methods that rank images alike, regardless of their scales', () => {
    const reported = disagreement([scores(1, 2, 3), scores(-50, 0.1, 1e6)]);
    expect([...reported.values()]).toEqual([0, 0, 0]);
  });

  it('is 1 for an image that one method ranks first and another last', () => {
    const reported = disagreement([scores(1, 2, 3), scores(3, 2, 1)]);
    expect([...reported.values()]).toEqual([1, 0, 1]);
  });

  it('considers only images that every method has scored', () => {
    const reported = disagreement([
      scores(1, 2, 3),
      new Map([
        [1, 5],
        [2, 4],
      ]),
    ]);
    expect([...reported.keys()]).toEqual([1, 2]);
    expect([...reported.values()]).toEqual([1, 1]);
  });

  it('gives equal scores equal ranks', () => {
    expect([...disagreement([scores(7, 7), scores(1, 2)]).values()]).toEqual([0.5, 0.5]);
    expect([...disagreement([scores(7), scores(1)]).values()]).toEqual([0]);
  });

  it('is between 0 and 1 and does not depend on the order of the methods', () => {
    const column = fc.array(fc.double({ noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(column, column, column, (a, b, c) => {
        const reported = disagreement([scores(...a), scores(...b), scores(...c)]);
        for (const value of reported.values()) expect(value >= 0 && value <= 1).toBe(true);
        expect(disagreement([scores(...c), scores(...a), scores(...b)])).toEqual(reported);
      }),
    );
  });
});
