import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropBox } from './crop-box.ts';

describe('the picture of a defect', () => {
  it('is a square around it with a margin', () => {
    const image = { width: 1000, height: 9000 };
    expect(cropBox({ left: 400, top: 5000, width: 100, height: 20 }, image)).toEqual({
      x: 370,
      y: 4930,
      width: 160,
      height: 160,
    });
    expect(cropBox({ left: 500, top: 500, width: 2, height: 2 }, image)).toMatchObject({ width: 64 });
  });

  it('stays inside the image', () => {
    const side = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(side, side, fc.nat(), fc.nat(), side, (width, height, x, y, size) => {
        const box = { left: x % width, top: y % height, width: size, height: size / 2 };
        const crop = cropBox(box, { width, height });
        expect(crop.x).toBeGreaterThanOrEqual(0);
        expect(crop.y).toBeGreaterThanOrEqual(0);
        expect(crop.x + crop.width).toBeLessThanOrEqual(width);
        expect(crop.y + crop.height).toBeLessThanOrEqual(height);
      }),
    );
  });
});
