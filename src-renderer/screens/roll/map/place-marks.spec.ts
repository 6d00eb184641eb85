import { describe, expect, it } from 'vitest';
import { shapesOfKinds } from '../../../../src-main/common/charts/defect-marks.ts';
import {
  acrossAt,
  alongAt,
  markAt,
  pathOfExtents,
  pathOfMarks,
  placeMarks,
  xOf,
  yOf,
} from './place-marks.ts';
import type { MapArea, MarkedDefect } from './place-marks.ts';

const area: MapArea = { shown: { from: 0, to: 10_000 }, rollWidth: 1000, width: 500, top: 20, bottom: 120 };
const shapes = shapesOfKinds(['hole', 'slub']);

function defect(part: Partial<MarkedDefect> & { id: string }): MarkedDefect {
  const box = { along: part.along ?? 0, across: part.across ?? 0, length: 20, width: 10 };
  return { along: 0, across: 0, box, kind: '', points: 1, counted: true, ...part };
}

describe("marks on a roll's map", () => {
  it('stand at their place along and across', () => {
    const [mark] = placeMarks([defect({ id: 'a', along: 2500, across: 500 })], shapes, area);
    expect([mark.x, mark.y]).toEqual([125, 70]);
  });

  it('convert places to pixels and back', () => {
    const zoomed = { ...area, shown: { from: 4000, to: 4500 } };
    expect(alongAt(xOf(4321, zoomed), zoomed)).toBeCloseTo(4321);
    expect(acrossAt(yOf(321, zoomed), zoomed)).toBeCloseTo(321);
    expect([acrossAt(0, area), acrossAt(500, area)]).toEqual([0, 1000]);
  });

  it('show the kind by shape and points by size; what does not count is small', () => {
    const placed = placeMarks(
      [
        defect({ id: 'hole', kind: 'hole', points: 4 }),
        defect({ id: 'slub', kind: 'slub', points: 1 }),
        defect({ id: 'ignored', points: 4, counted: false }),
      ],
      shapes,
      area,
    );
    const by = new Map(placed.map((mark) => [mark.id, mark]));
    expect(by.get('hole')?.shape).not.toBe(by.get('slub')?.shape);
    expect(by.get('hole')?.size).toBeGreaterThan(by.get('slub')?.size ?? 0);
    expect(by.get('ignored')?.size).toBeLessThan(by.get('slub')?.size ?? 0);
    // Drawn from the least to the most important one.
    expect(placed.map(({ id }) => id)).toEqual(['ignored', 'slub', 'hole']);
  });

  it('are left out beyond the shown part', () => {
    const zoomed = { ...area, shown: { from: 4000, to: 5000 } };
    const placed = placeMarks(
      [3000, 3995, 4500, 5005, 6000].map((along) => defect({ id: `${along}`, along })),
      shapes,
      zoomed,
    );
    expect(placed.map(({ id }) => id)).toEqual(['3995', '4500', '5005']);
  });

  it('are found by the pointer within its reach', () => {
    const placed = placeMarks(
      [defect({ id: 'a', along: 2000 }), defect({ id: 'b', along: 2400 })],
      shapes,
      area,
    );
    expect(markAt(placed, 101, 20, 6)?.id).toBe('a');
    expect(markAt(placed, 117, 22, 6)?.id).toBe('b');
    expect(markAt(placed, 111, 20, 20)?.id).toBe('b');
    expect(markAt(placed, 150, 20, 6)).toBeUndefined();
  });

  it('have the extent of defects that are larger than the mark', () => {
    const running = defect({
      id: 'a',
      along: 5000,
      across: 500,
      box: { along: 3000, across: 495, length: 4000, width: 10 },
    });
    const [small, large] = placeMarks([defect({ id: 'b' }), running], shapes, area);
    expect(small.extent).toBeUndefined();
    expect(large.extent).toEqual({ x: 150, y: 69.5, width: 200, height: 1 });
    expect(pathOfExtents([small, large])).toBe('M150.0 69.5h200.0v1.0h-200.0z');
    // The middle is outside, but not the end.
    const zoomed = { ...area, shown: { from: 6000, to: 9000 } };
    expect(placeMarks([running], shapes, zoomed)).toHaveLength(1);
  });

  it('merge into one path', () => {
    const placed = placeMarks([defect({ id: 'a' }), defect({ id: 'b', along: 10 })], shapes, area);
    expect(pathOfMarks(placed).match(/M/g)).toHaveLength(2);
  });
});
