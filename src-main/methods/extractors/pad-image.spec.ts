import { expect, it } from 'vitest';
import { padToMultiple } from './pad-image.ts';

const image = (height: number, width: number) => ({
  values: Float32Array.from({ length: 3 * height * width }, (_, i) => i),
  height,
  width,
});

it('reflects an image at its right and bottom edge, without repeating the edge', () => {
  const { values, height, width } = padToMultiple(image(2, 3), 5);
  expect([height, width]).toEqual([5, 5]);
  const rows = Array.from({ length: 5 }, (_, y) => [...values.subarray(5 * y, 5 * y + 5)]);
  expect(rows).toEqual([
    [0, 1, 2, 1, 0],
    [3, 4, 5, 4, 3],
    [0, 1, 2, 1, 0],
    [3, 4, 5, 4, 3],
    [0, 1, 2, 1, 0],
  ]);
  expect([...values.subarray(25, 28)]).toEqual([6, 7, 8]);
});

it('repeats a single pixel', () => {
  expect([...padToMultiple(image(1, 1), 2).values]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
});

it('returns an image that fits unchanged', () => {
  const fitting = image(4, 6);
  expect(padToMultiple(fitting, 2)).toBe(fitting);
});
