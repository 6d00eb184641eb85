import { expect, it } from 'vitest';
import { withoutBorderRegions } from './border-regions.ts';

const image = { width: 400, height: 1000 };
/** 4 pixels per position. */
const map = { width: 100, height: 250, extentWidth: 400, extentHeight: 1000 };
const region = (left: number, top: number, width: number, height: number) => ({
  box: { left, top, width, height },
});

it('leaves out regions wholly at a border, and says so', () => {
  const kept = [region(4, 100, 9, 20), region(380, 100, 9, 9), region(12, 12, 4, 4), region(100, 984, 4, 5)];
  const lost = [region(4, 100, 8, 400), region(388, 50, 8, 8), region(100, 4, 200, 8), region(50, 988, 4, 4)];
  const found = withoutBorderRegions([...kept, ...lost], image, map);
  expect(found.regions).toEqual(kept);
  expect(found.notes).toEqual([
    '4 regions lie wholly within 12 pixels of a border and are not listed, because the suggested threshold is too low there.',
  ]);
  expect(withoutBorderRegions(kept, image, map)).toEqual({ regions: kept, notes: [] });
  expect(withoutBorderRegions([lost[0]], image, map).notes[0]).toMatch(
    /^1 region lies wholly .* is not listed/,
  );
});
