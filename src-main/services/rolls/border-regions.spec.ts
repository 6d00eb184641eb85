import { expect, it } from 'vitest';
import { withoutBorderRegions } from './border-regions.ts';

const region = (left: number, top: number, width: number, height: number, x = left, y = top) => ({
  box: { left, top, width, height },
  peak: { x, y },
});

it('keeps regions that reach inside, leaves out those along the borders, and says so', () => {
  const kept = [region(4, 100, 40, 20), region(200, 300, 8, 8)];
  const lost = [region(4, 500, 8, 400), region(100, 4, 200, 8)];
  const inside = [region(12, 100, 32, 20), region(200, 300, 8, 8)];
  expect(withoutBorderRegions([...kept, ...lost], inside)).toEqual({
    regions: kept,
    notes: [
      '2 regions lie only along the borders and are not listed, because the suggested threshold is too low there.',
    ],
  });
  expect(withoutBorderRegions(kept, inside)).toEqual({ regions: kept, notes: [] });
  expect(withoutBorderRegions([lost[0]], inside).notes[0]).toMatch(/^1 region lies .* is not listed/);
});
