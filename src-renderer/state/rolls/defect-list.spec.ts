import { describe, expect, it } from 'vitest';
import { aDefect, anAssessment } from '../test/rolls.ts';
import { kindsOf, matchesFilter, sortDefects, type DefectFilter, type DefectOrder } from './defect-list.ts';

const hole = aDefect(
  { along: 9000, across: 100, length: 200 },
  { points: 4, score: 0.04, assessment: anAssessment({ kind: 'hole', verdict: 'reject' }) },
);
const slub = aDefect(
  { along: 100, across: 900, width: 90 },
  { points: 1, score: 0.09, repeat: 1, assessment: anAssessment({ kind: 'slub' }) },
);
const lint = aDefect(
  { along: 5000 },
  { points: 0, counted: false, score: 0.03, assessment: anAssessment({ verdict: 'accept' }) },
);
const unseen = aDefect({ along: 7000 }, { points: 1, repeat: 1 });
const all = [hole, slub, lint, unseen];

const sorted = (by: DefectOrder['by'], descending = false) =>
  sortDefects(all, { by, descending }).map((defect) => all.indexOf(defect));
const listed = (filter: DefectFilter) => all.filter((defect) => matchesFilter(defect, filter));

describe("the list of a roll's defects", () => {
  it('sorts by every column, equal ones along the roll', () => {
    expect(sorted('along')).toEqual([1, 2, 3, 0]);
    expect(sorted('across')).toEqual([0, 2, 3, 1]);
    expect(sorted('size')).toEqual([2, 3, 1, 0]);
    expect(sorted('kind')).toEqual([2, 3, 0, 1]);
    expect(sorted('points')).toEqual([2, 1, 3, 0]);
    expect(sorted('score')).toEqual([2, 0, 3, 1]);
    expect(sorted('points', true)).toEqual([0, 1, 3, 2]);
  });

  it('measures size in millimeters, because pixels may not be square', () => {
    const tall = aDefect({ along: 1, length: 100, width: 10 });
    const wide = aDefect({ along: 2, length: 10, width: 60 }, {});
    const stretched = { ...wide, mm: wide.mm && { ...wide.mm, width: 400 } };
    const order = { by: 'size', descending: false } as const;
    expect(sortDefects([tall, wide], order)[1]).toBe(tall);
    expect(sortDefects([tall, stretched], order)[1]).toBe(stretched);
  });

  it('filters by kind, verdict, whether a defect counts, and whether it repeats', () => {
    expect(listed({})).toEqual(all);
    expect(listed({ kind: 'hole' })).toEqual([hole]);
    expect(listed({ kind: '' })).toEqual([lint, unseen]);
    expect(listed({ verdict: 'reject' })).toEqual([hole]);
    expect(listed({ verdict: 'none' })).toEqual([slub, unseen]);
    expect(listed({ counted: true })).toEqual([hole, slub, unseen]);
    expect(listed({ repeating: true, kind: '' })).toEqual([unseen]);
  });

  it('names the kinds once each', () => {
    expect(kindsOf([...all, hole])).toEqual(['hole', 'slub']);
  });
});
