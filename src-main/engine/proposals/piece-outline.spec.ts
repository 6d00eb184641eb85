import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../methods/prng.ts';
import { pieceOutline } from './piece-outline.ts';

const SIZE = { width: 240, height: 180 };

/** A brushed piece that is darker towards the right, below a function that draws its border. */
function tile(border: (x: number, y: number) => number | undefined, size = SIZE): Uint8Array {
  const random = mulberry32(4);
  const streaks = Array.from({ length: size.width }, () => 0.85 + 0.3 * random());
  return Uint8Array.from({ length: size.width * size.height }, (_, at) => {
    const [x, y] = [at % size.width, Math.floor(at / size.width)];
    const light = 150 - (90 * x) / size.width;
    return border(x, y) ?? light * streaks[x] + 20 * random();
  });
}

const outlineOf = (border: (x: number, y: number) => number | undefined) => pieceOutline(tile(border), SIZE);

describe('the outline of a piece', () => {
  it.each([
    ['dark', 4],
    ['bright', 250],
  ])('is inside a %s border of different widths, within a few pixels', (_, level) => {
    const outline = outlineOf((x, y) => (x < 12 || x >= 231 || y < 6 || y >= 160 ? level : undefined));
    expect(outline?.left).toBeGreaterThanOrEqual(12);
    expect(outline?.left).toBeLessThanOrEqual(16);
    expect(outline?.top).toBeGreaterThanOrEqual(6);
    expect(outline?.top).toBeLessThanOrEqual(10);
    const { left = 0, top = 0, width = 0, height = 0 } = outline ?? {};
    expect(left + width).toBeLessThanOrEqual(231);
    expect(left + width).toBeGreaterThanOrEqual(226);
    expect(top + height).toBeLessThanOrEqual(160);
    expect(top + height).toBeGreaterThanOrEqual(155);
  });

  it('follows the innermost part of a slanted border', () => {
    const outline = outlineOf((x, y) => (y < 4 + x / 40 ? 3 : undefined));
    expect(outline?.top).toBeGreaterThanOrEqual(8);
    expect(outline?.top).toBeLessThanOrEqual(12);
    expect(outline).toMatchObject({ left: 0, width: 240 });
  });

  it('includes a defect that crosses the piece or touches its edge', () => {
    const border = (y: number) => (y < 8 ? 4 : undefined);
    const scratch = (x: number) => x >= 150 && x < 158;
    const stain = (x: number, y: number) => x < 30 && y > 60 && y < 100;
    const outline = outlineOf((x, y) => border(y) ?? (scratch(x) || stain(x, y) ? 20 : undefined));
    expect(outline).toMatchObject({ left: 0, width: 240 });
  });

  it.each([
    ['a piece that fills the image', () => undefined],
    ['a flat image', () => 128],
    ['a black image', () => 0],
    ['an image of two halves', (x: number) => (x < 120 ? 20 : 200)],
    ['a border of unclear width', (x: number, y: number) => (y < 10 + (x % 60) ? 3 : undefined)],
  ])('is unknown on %s', (_, border) => {
    expect(outlineOf(border)).toBeUndefined();
  });

  it.each([
    [1, 1],
    [3, 200],
    [200, 2],
    [16, 16],
  ])('has a valid size on an image of %i x %i pixels', (width, height) => {
    const outline = pieceOutline(
      tile((x, y) => (x === 0 || y === 0 ? 0 : undefined), { width, height }),
      { width, height },
    );
    if (!outline) return;
    expect(outline.width).toBeGreaterThan(0);
    expect(outline.height).toBeGreaterThan(0);
  });
});
