import { describe, expect, it } from 'vitest';
import {
  axisRange,
  markAt,
  markPath,
  nextMark,
  scorePlot,
  scoreRows,
  type ScoreMark,
} from './image-score-rows.ts';

const aMark = (image: number, score: number, label: ScoreMark['label']): ScoreMark => ({
  image,
  score,
  label,
  wrong: false,
});
const size = { width: 600, height: 300 };
const marks = [
  aMark(1, 2, 'good'),
  aMark(2, 1, 'good'),
  aMark(3, 9, 'defective'),
  aMark(4, 1.4, 'defective'),
];
const plot = scorePlot(axisRange(marks.map(({ score }) => score)), size);
const rows = scoreRows(marks, plot);

describe('the rows of image scores', () => {
  it('are the labels that have images, and always good and defective', () => {
    expect(rows.map(({ label }) => label)).toEqual(['good', 'defective']);
    expect(scoreRows([...marks, aMark(5, 3, 'unknown')], plot)).toHaveLength(3);
    expect(scoreRows([], plot).map(({ label }) => label)).toEqual(['good', 'defective']);
  });

  it('place marks by score within the plot', () => {
    const [good, defective] = rows;
    expect(good.marks.map(({ image }) => image)).toEqual([2, 1]);
    expect(good.marks[0].x).toBeLessThan(good.marks[1].x);
    for (const { marks: placed, top, bottom } of [good, defective])
      for (const { x, y } of placed) {
        expect(x).toBeGreaterThan(plot.left);
        expect(x).toBeLessThan(plot.right);
        expect(y).toBeGreaterThan(top);
        expect(y).toBeLessThan(bottom);
      }
  });

  it('find the mark under the pointer', () => {
    const [
      {
        marks: [lowest],
      },
    ] = rows;
    expect(markAt(rows, lowest.x + 3, lowest.y - 2, 10)?.image).toBe(2);
    expect(markAt(rows, lowest.x + 30, lowest.y, 10)).toBeUndefined();
  });

  it('are traversed by the arrow keys', () => {
    const first = nextMark(rows, undefined, 1, 0);
    expect(first?.image).toBe(2);
    expect(nextMark(rows, first, 1, 0)?.image).toBe(1);
    expect(nextMark(rows, first, -1, 0)?.image).toBe(2);
    expect(nextMark(rows, first, 0, 1)?.image).toBe(4);
    expect(nextMark(rows, first, 0, -1)?.image).toBe(2);
    expect(nextMark([], undefined, 1, 0)).toBeUndefined();
  });

  it('draw a different shape for each label', () => {
    const shapes = (['good', 'defective', 'unknown'] as const).map((label) => {
      const [first] = scoreRows([aMark(1, 1, label)], plot).flatMap(({ marks: placed }) => placed);
      return markPath([{ ...first, x: 0, y: 0 }], 8);
    });
    expect(new Set(shapes).size).toBe(3);
  });
});

describe('the range of the axis', () => {
  it('is never empty', () => {
    expect(axisRange([])).toEqual({ low: 0, high: 1 });
    expect(axisRange([2, 2])).toEqual({ low: 1.5, high: 2.5 });
    const { low, high } = axisRange([1, 3]);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(3);
  });

  it('contains the thresholds and does not grow when one is at its end', () => {
    const range = axisRange([1, 3]);
    expect(axisRange([1, 3], [range.low, range.high])).toEqual(range);
    expect(axisRange([1, 3], [-1, 2]).low).toBe(-1);
    expect(axisRange([], [4])).toEqual({ low: 3.5, high: 4.5 });
  });
});
