import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../methods/prng.ts';
import { stripExtent } from './strip-extent.ts';

const HEIGHT = 64;
/** Width of the blocks that a strip of this height is split into. */
const BLOCK = 8;

/** A strip of adjacent parts, each with its number of columns and a function that returns its pixels. */
function strip(...parts: [columns: number, pixel: (x: number, y: number) => number][]) {
  const width = parts.reduce((sum, [columns]) => sum + columns, 0);
  const gray = new Uint8Array(HEIGHT * width);
  let left = 0;
  for (const [columns, pixel] of parts) {
    for (let x = left; x < left + columns; x++)
      for (let y = 0; y < HEIGHT; y++) gray[y * width + x] = pixel(x, y);
    left += columns;
  }
  return { gray, size: { width, height: HEIGHT } };
}

const uniform = mulberry32(1);
const weave = (mean: number) => (x: number, y: number) =>
  mean + 30 * Math.sin(x * 1.3) * Math.sin(y * 1.1) + 10 * uniform();
const background = () => 5;

const extentOf = ({ gray, size }: ReturnType<typeof strip>) => stripExtent(gray, size);

describe('the extent of fabric on a strip', () => {
  it('is the whole strip if all of it is fabric', () => {
    expect(extentOf(strip([800, weave(120)]))).toEqual({ start: 0, end: 800 });
  });

  it('includes the columns after the last whole block', () => {
    expect(extentOf(strip([803, weave(120)]))).toEqual({ start: 0, end: 803 });
  });

  it('excludes the background at either end, to the block', () => {
    const { start, end } = extentOf(strip([83, background], [800, weave(120)], [120, background]));
    expect(start).toBeGreaterThanOrEqual(80);
    expect(start).toBeLessThanOrEqual(83 + BLOCK);
    expect(end).toBeLessThanOrEqual(883);
    expect(end).toBeGreaterThan(883 - 2 * BLOCK);
  });

  it('continues behind a defect', () => {
    expect(extentOf(strip([400, weave(120)], [80, () => 250], [400, weave(120)]))).toEqual({
      start: 0,
      end: 880,
    });
  });

  it('follows light that changes slowly', () => {
    const dimming = (x: number, y: number) => weave(200 - x / 8)(x, y);
    expect(extentOf(strip([1000, dimming]))).toEqual({ start: 0, end: 1000 });
  });

  it('is the whole strip if it is flat', () => {
    expect(extentOf(strip([400, () => 128]))).toEqual({ start: 0, end: 400 });
  });

  it('is the whole strip if it is narrower than a block', () => {
    expect(extentOf(strip([5, weave(120)]))).toEqual({ start: 0, end: 5 });
  });

  it.each([1, 2, 3])('has valid bounds on a strip of %i rows', (height) => {
    const { start, end } = stripExtent(new Uint8Array(height * 50).fill(9), { width: 50, height });
    expect([start, end]).toEqual([0, 50]);
  });
});
