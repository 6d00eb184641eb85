import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../methods/prng.ts';
import { assignImages, mixWithinClasses } from './review-order.ts';

const images = fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 60 });
const seed = fc.nat();

describe('the images of each operator of a group', () => {
  it('are all images for every operator if everything overlaps', () => {
    expect(assignImages([3, 1, 2], 2, 1, mulberry32(0))).toEqual([
      [3, 1, 2],
      [3, 1, 2],
    ]);
  });

  it('overlap by the requested share, and divide the others evenly', () => {
    fc.assert(
      fc.property(
        images,
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 0, max: 100 }),
        seed,
        (all, operators, percent, number) => {
          const assigned = assignImages(all, operators, percent / 100, mulberry32(number));
          const reviewers = all.map((image) => assigned.filter((own) => own.includes(image)).length);
          const common = Math.ceil((percent * all.length) / 100);
          expect(reviewers.filter((count) => count === operators)).toHaveLength(common);
          expect(reviewers.filter((count) => count === 1)).toHaveLength(all.length - common);
          const sizes = assigned.map((own) => own.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          // In the given order.
          for (const own of assigned) expect(all.filter((image) => own.includes(image))).toEqual(own);
        },
      ),
    );
  });

  it('are chosen at random', () => {
    const all = Array.from({ length: 40 }, (_, image) => image);
    const [first] = assignImages(all, 2, 0, mulberry32(1));
    const [other] = assignImages(all, 2, 0, mulberry32(2));
    expect(first).not.toEqual(other);
  });
});

describe('shuffling within classes', () => {
  it('keeps the images, and the order of classes', () => {
    fc.assert(
      fc.property(images, seed, (all, number) => {
        const classOf = (image: number) => `class ${image % 3}`;
        const mixed = mixWithinClasses(all, classOf, mulberry32(number));
        expect(mixed.toSorted((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b));
        const classes = [...new Set(all.map(classOf))];
        expect(mixed.map(classOf)).toEqual(
          classes.flatMap((name) => all.map(classOf).filter((each) => each === name)),
        );
      }),
    );
  });

  it('puts each image at each position equally often', () => {
    const uniform = mulberry32(7);
    const places = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let round = 0; round < 4000; round++)
      mixWithinClasses([0, 1, 2, 3], () => 'linen', uniform).forEach(
        (image, place) => places[image][place]++,
      );
    for (const counts of places) for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
