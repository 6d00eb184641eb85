import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../types.ts';
import { baselineNamed, baselines } from './registry.ts';

type Color = readonly [r: number, g: number, b: number];

/** An image from a function of the pixel coordinates. */
function imageOf(width: number, height: number, colorAt: (x: number, y: number) => Color): RgbImage {
  const values = new Float32Array(3 * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      colorAt(x, y).forEach((value, plane) => (values[(plane * height + y) * width + x] = value));
    }
  }
  return { values, height, width };
}

/** A checkerboard of 4 x 4 pixel squares with a red 12 x 12 spot whose top left corner is (left, top). */
const spotted = (width: number, height: number, left: number, top: number) =>
  imageOf(width, height, (x, y) => {
    if (x >= left && x < left + 12 && y >= top && y < top + 12) return [0.8, 0.1, 0.1];
    return (Math.floor(x / 4) + Math.floor(y / 4)) % 2 === 0 ? [0.5, 0.5, 0.5] : [0.6, 0.6, 0.6];
  });

const execution = { threads: 1 };

describe.each(baselines)('$name', (baseline) => {
  it.each([
    [120, 90, 50, 40],
    [64, 200, 20, 130],
    [500, 380, 200, 190],
  ])('scores highest on the spot of a %i x %i image', async (width, height, left, top) => {
    const { map, extentWidth, extentHeight } = await baseline.map(
      spotted(width, height, left, top),
      execution,
    );
    const peak = map.values.indexOf(map.values.reduce((a, b) => Math.max(a, b)));
    const x = (((peak % map.width) + 0.5) * extentWidth) / map.width;
    const y = ((Math.floor(peak / map.width) + 0.5) * extentHeight) / map.height;
    expect([x > left - 4, x < left + 16, y > top - 4, y < top + 16]).toEqual([true, true, true, true]);
  });

  it('gives a constant image the score 0 everywhere', async () => {
    const { map } = await baseline.map(
      imageOf(40, 30, () => [0.3, 0.6, 0.2]),
      execution,
    );
    expect(map.values.every((value) => Math.abs(value) < 1e-3)).toBe(true);
  });

  it.each([
    [1, 1],
    [2, 5],
    [1, 300],
  ])('accepts an image of %i x %i', async (width, height) => {
    const gradient = imageOf(width, height, (x, y) => [(x + y) / 301, 0.5, 0]);
    const { map } = await baseline.map(gradient, execution);
    expect([map.width, map.height]).toEqual([width, height]);
    expect(map.values.every(Number.isFinite)).toBe(true);
  });

  it('covers a large image with a map of bounded size', async () => {
    const { map, extentWidth, extentHeight } = await baseline.map(spotted(901, 610, 300, 300), execution);
    expect(map.width * map.height).toBeLessThanOrEqual(170_000);
    expect([extentWidth - 901, extentHeight - 610].every((beyond) => beyond >= 0 && beyond < 4)).toBe(true);
  });

  it('is deterministic', async () => {
    const maps = [1, 2].map(() => baseline.map(spotted(80, 60, 30, 20), execution));
    expect((await maps[0]).map.values).toEqual((await maps[1]).map.values);
  });

  it('stops when it is canceled', async () => {
    const reason = new Error('canceled');
    const signal = AbortSignal.abort(reason);
    await expect(baseline.map(spotted(80, 60, 30, 20), { threads: 1, signal })).rejects.toBe(reason);
  });
});

describe('the baselines', () => {
  it('are listed in the error for an unknown name', () => {
    expect(() => baselineNamed('winclip')).toThrow(/no baseline "winclip"\. Known: saliency-rc, bellini/);
  });
});
