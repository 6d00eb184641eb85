import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './clopper-pearson.ts';
import { confusionTable, decisionRates, DECISIONS, LABELS } from './confusion.ts';

const images = fc
  .array(
    fc.record({
      label: fc.constantFrom(...LABELS),
      decision: fc.constantFrom(...DECISIONS, null),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map((each, image) => ({ ...each, image })));

describe('the confusion table', () => {
  it('contains every image exactly once, in the cell of its label and decision', () => {
    fc.assert(
      fc.property(images, (list) => {
        const { rows, undecided } = confusionTable(list);
        const seen = [...undecided];
        for (const { label, total, cells } of rows) {
          expect(DECISIONS.reduce((sum, decision) => sum + cells[decision].count, 0)).toBe(total);
          for (const decision of DECISIONS) {
            const cell = cells[decision];
            expect(cell.of).toBe(total);
            expect(cell.count).toBe(cell.images.length);
            for (const image of cell.images) expect(list[image]).toEqual({ image, label, decision });
            seen.push(...cell.images);
          }
        }
        expect(seen.sort((a, b) => a - b)).toEqual(list.map(({ image }) => image));
      }),
    );
  });

  it('has the rates of false rejects, escapes and reviews with their intervals', () => {
    const decided = (label: (typeof LABELS)[number], decisions: (typeof DECISIONS)[number][]) =>
      decisions.map((decision, at) => ({ image: LABELS.indexOf(label) * 100 + at, label, decision }));
    const table = confusionTable([
      ...decided('good', ['pass', 'pass', 'review', 'reject']),
      ...decided('defective', ['pass', 'reject', 'reject']),
      ...decided('unknown', ['review', 'pass', 'reject']),
    ]);
    expect(decisionRates(table)).toEqual({
      falseRejects: { count: 1, of: 4, ...clopperPearson(1, 4), images: [3] },
      escapes: { count: 1, of: 3, ...clopperPearson(1, 3), images: [100] },
      review: { count: 2, of: 10, ...clopperPearson(2, 10) },
    });
  });
});
