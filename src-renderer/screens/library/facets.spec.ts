import { describe, expect, it } from 'vitest';
import { anImage } from '../../state/test/images.ts';
import { countFacets } from './facet-counts.ts';
import { fractionIn, scoreRanges } from './score-ranges.ts';

const images = [
  anImage({ id: 1, defectType: 'hole', groundTruth: 'masked', annotated: true }),
  anImage({ id: 2, defectType: 'good', groundTruth: 'normal' }),
  anImage({ id: 3, defectType: 'hole', groundTruth: 'unknown' }),
  anImage({ id: 4, defectType: 'good', groundTruth: 'normal', split: 'train' }),
];

describe('facets', () => {
  it('count test images by value and training images separately', () => {
    const counts = countFacets(
      images,
      ({ id }) => (id === 1 ? 'reject' : undefined),
      ({ id }) => (id === 2 ? 'pass' : undefined),
    );
    expect([...counts.defectTypes]).toEqual([
      ['good', 1],
      ['hole', 2],
    ]);
    expect(counts.verdicts).toEqual({ accept: 0, reject: 1, unsure: 0, none: 2 });
    expect(counts.decisions).toEqual({ pass: 1, review: 0, reject: 0, none: 2 });
    expect(counts.groundTruths).toEqual({ masked: 1, normal: 1, unknown: 1 });
    expect(counts).toMatchObject({ annotated: 1, train: 1 });
  });

  it('have the score range of each class', () => {
    const scores = new Map([
      [1, 3],
      [2, 1],
    ]);
    const ranges = scoreRanges(images, ({ id }) => scores.get(id));
    const range = ranges.get(images[0].textureClass);
    expect(range).toMatchObject({ low: 1, high: 3 });
    expect(range && fractionIn(range, 2)).toBe(0.5);
  });
});
