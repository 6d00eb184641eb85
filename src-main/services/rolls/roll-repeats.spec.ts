import { describe, expect, it } from 'vitest';
import type { Assessment, Roll } from '../../common/api/rolls.ts';
import type { PlacedDefect } from './grade-defects.ts';
import { findRollRepeats } from './roll-repeats.ts';

const roll: Roll = {
  image: 1,
  dataset: 1,
  textureClass: 'denim',
  name: 'roll',
  article: '',
  lot: '',
  direction: 'down',
  widthPixels: 1000,
  lengthPixels: 20_000,
  scale: null,
  frames: 1,
  createdAt: '',
  inspectedAt: null,
};

/** Ten defects of 8 pixels, every 1200 pixels. */
const placed = Array.from({ length: 10 }, (_, index): PlacedDefect => {
  const along = 500 + 1200 * index;
  return {
    id: `400,${along}`,
    box: { left: 396, top: along - 4, width: 8, height: 8 },
    px: { along, across: 400, length: 8, width: 8, area: 64 },
    mm: null,
    score: 1,
  };
});

function verdictOn(defects: readonly PlacedDefect[], verdict: 'accept' | 'reject'): Map<string, Assessment> {
  const assessment = { verdict, kind: '', points: null, reason: '', operator: 'Ada', at: '' };
  return new Map(defects.map(({ id }) => [id, assessment]));
}

describe('findRollRepeats', () => {
  it('gives the pitch in pixels on a roll without a scale', () => {
    expect(findRollRepeats(placed, roll, new Map())).toEqual([
      {
        id: 1,
        unit: 'px',
        pitch: expect.closeTo(1200, 6),
        across: 400,
        count: 10,
        missing: 0,
        jitter: 0,
        falseAlarms: expect.closeTo(0, 9) as number,
        from: 500,
        to: 11_300,
        defects: placed.map(({ id }) => id),
      },
    ]);
  });

  it('gives the pitch in millimeters on a roll with a scale', () => {
    const scale = { across: 0.25, along: 0.5 };
    const scaled = placed.map(({ px, ...defect }) => ({
      ...defect,
      px,
      mm: { along: px.along / 2, across: px.across / 4, length: 4, width: 2, area: 8 },
    }));
    expect(findRollRepeats(scaled, { ...roll, scale }, new Map())).toMatchObject([
      { unit: 'mm', pitch: expect.closeTo(600, 6), across: 100, count: 10, from: 250, to: 5650 },
    ]);
  });

  it('leaves out defects that a person accepted', () => {
    expect(findRollRepeats(placed, roll, verdictOn(placed, 'accept'))).toEqual([]);
    expect(findRollRepeats(placed, roll, verdictOn(placed, 'reject'))).toHaveLength(1);
    expect(findRollRepeats(placed, roll, verdictOn(placed.slice(0, 2), 'accept'))).toMatchObject([
      { count: 8, from: 2900 },
    ]);
  });
});
