import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planPairs } from './plan-pairs.ts';

const images = fc.uniqueArray(fc.nat({ max: 12 }), { minLength: 1, maxLength: 10 });
const sizes = fc.record({ group: fc.integer({ min: 1, max: 6 }), block: fc.integer({ min: 1, max: 4 }) });

it('compares each scored image with every other candidate exactly once before its map is complete', () => {
  fc.assert(
    fc.property(images, images, sizes, (scored, candidates, size) => {
      const complete: number[] = [];
      let group = new Map<number, number[]>();
      for (const block of planPairs(scored, candidates, size)) {
        if (complete.length % size.group === 0) group = new Map();
        const add = (image: number, other: number) => {
          if (candidates.includes(other)) group.set(image, [...(group.get(image) ?? []), other]);
        };
        for (const { image, others } of block.steps) {
          for (const other of others) {
            add(image, other);
            add(other, image);
          }
        }
        for (const image of block.scored) {
          const wanted = candidates.filter((other) => other !== image).sort((a, b) => a - b);
          expect((group.get(image) ?? []).sort((a, b) => a - b)).toEqual(wanted);
        }
        complete.push(...block.scored);
      }
      expect(complete).toEqual(scored);
    }),
  );
});

it('compares each pair once if the scores of all images fit into memory', () => {
  const set = [0, 1, 2, 3, 4, 5, 6];
  const steps = [...planPairs(set, set, { group: 7, block: 3 })].flatMap((block) => block.steps);
  expect(steps.reduce((sum, { others }) => sum + others.length, 0)).toBe(21);
});
