import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GROUND_TRUTH_STYLE, contourSvg, PREDICTION_STYLE } from './contour-svg.ts';

/** The outline of a rectangle, with points 4 pixels apart as in a contour. */
function rectangle(left: number, top: number, right: number, bottom: number): [number, number][] {
  const ring: [number, number][] = [];
  for (let x = left; x < right; x += 4) ring.push([x, top]);
  for (let y = top; y < bottom; y += 4) ring.push([right, y]);
  for (let x = right; x > left; x -= 4) ring.push([x, bottom]);
  for (let y = bottom; y > top; y -= 4) ring.push([left, y]);
  return [...ring, [left, top]];
}

async function render(
  size: { width: number; height: number },
  rings: [number, number][][],
  line = GROUND_TRUTH_STYLE,
) {
  const white = sharp({ create: { ...size, channels: 3, background: '#fff' }, limitInputPixels: false });
  const { data } = await white
    .composite(contourSvg(rings, size, line))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [
    ...data.subarray(3 * (y * size.width + x), 3 * (y * size.width + x) + 3),
  ];
  return {
    /** The rows of a column that contain drawn pixels. */
    touched: (x: number, top: number, bottom: number) =>
      Array.from({ length: bottom - top }, (_, i) => top + i).filter((y) =>
        pixel(x, y).some((value) => value < 250),
      ),
    pixel,
  };
}

describe('a contour', () => {
  it.each([
    ['a square', { width: 512, height: 512 }],
    ['a strip', { width: 30_000, height: 128 }],
    ['a tall strip', { width: 128, height: 30_000 }],
    ['a large image', { width: 4000, height: 3000 }],
  ])('is a few pixels wide on %s', async (_, size) => {
    const left = size.width - 120;
    const top = size.height - 100;
    const { touched } = await render(size, [rectangle(left, top, left + 80, top + 60)]);
    const rows = touched(left + 40, top - 20, top + 20);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.length).toBeLessThanOrEqual(9);
    // The inside stays visible.
    expect(touched(left + 40, top + 10, top + 50)).toEqual([]);
  });

  it('has no gap between tiles', async () => {
    const { touched } = await render({ width: 3000, height: 1100 }, [rectangle(900, 500, 2200, 1060)]);
    for (let x = 910; x < 2190; x++) expect(touched(x, 490, 510).length).toBeGreaterThanOrEqual(3);
  });

  it('of a prediction is dashed', async () => {
    const { pixel } = await render(
      { width: 3000, height: 200 },
      [rectangle(600, 100, 2200, 160)],
      PREDICTION_STYLE,
    );
    const isYellow = Array.from(
      { length: 1500 },
      (_, i) => pixel(650 + i, 100)[2] < 130 && pixel(650 + i, 100)[0] > 200,
    );
    const changes = isYellow.filter((value, at) => at > 0 && value !== isYellow[at - 1]).length;
    // Dashes of 4 and gaps of 2.5 line widths of 3 pixels: a period of 19.5 pixels.
    expect(Math.abs(changes / 2 - 1500 / 19.5)).toBeLessThan(4);
  });

  it('of many rings on a long strip is rendered within seconds', async () => {
    const rings = Array.from({ length: 14_000 }, (_, i) =>
      rectangle(10 * i, 20 + (i % 40), 10 * i + 8, 28 + (i % 40)),
    );
    const start = performance.now();
    await render({ width: 140_000, height: 96 }, rings, PREDICTION_STYLE);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
