import { describe, expect, it } from 'vitest';
import { describeFilter, EMPTY_FILTER, matches, type ImageFacts, type Filter } from './image-filter.ts';
import { sortImages } from './image-order.ts';
import { anImage } from '../test/images.ts';

const scores = new Map([
  [1, 3],
  [2, 1],
]);
const facts: ImageFacts = {
  score: ({ id }) => scores.get(id),
  verdict: ({ id }) => (id === 1 ? 'reject' : undefined),
  disagreement: () => undefined,
  decision: ({ id }) => (id === 3 ? 'review' : undefined),
  distance: ({ id }) => (id === 1 ? 0.5 : id === 3 ? 0.1 : undefined),
};
const images = [
  anImage({ id: 1, defectType: 'hole', groundTruth: 'masked' }),
  anImage({ id: 2, annotated: true }),
  anImage({ id: 3, textureClass: 'felt' }),
  anImage({ id: 4, split: 'train' }),
];
const letThrough = (part: Partial<Filter>) =>
  images.filter((image) => matches({ ...EMPTY_FILTER, ...part }, image, facts)).map(({ id }) => id);

describe('matches', () => {
  it('excludes only training images by default', () => {
    expect(letThrough({})).toEqual([1, 2, 3]);
    expect(letThrough({ train: true })).toEqual([1, 2, 3, 4]);
  });

  it('requires all properties of the filter', () => {
    expect(letThrough({ kinds: ['hole'] })).toEqual([1]);
    expect(letThrough({ verdicts: ['none'] })).toEqual([2, 3]);
    expect(letThrough({ decisions: ['review'] })).toEqual([3]);
    expect(letThrough({ decisions: ['review', 'none'] })).toEqual([1, 2, 3]);
    expect(letThrough({ train: true, only: { title: 'two', images: [4, 2, 9] } })).toEqual([2, 4]);
    expect(letThrough({ groundTruths: ['masked', 'normal'] })).toEqual([1]);
    expect(letThrough({ annotated: true })).toEqual([2]);
    expect(letThrough({ text: 'FELT/' })).toEqual([3]);
    expect(letThrough({ kinds: ['hole'], verdicts: ['none'] })).toEqual([]);
  });

  it('excludes images without a score if the score is limited', () => {
    expect(letThrough({ low: 2 })).toEqual([1]);
    expect(letThrough({ high: 2 })).toEqual([2]);
  });

  it('has a description', () => {
    expect(describeFilter(EMPTY_FILTER)).toBe('');
    expect(describeFilter({ ...EMPTY_FILTER, kinds: ['hole', ''], low: 2 })).toBe(
      'kind hole or none, score from 2',
    );
  });
});

describe('sortImages', () => {
  const ids = (by: 'name' | 'score' | 'distance', descending: boolean) =>
    sortImages(images, { by, descending }, facts).map(({ id }) => id);

  it('puts images without a score last in both directions', () => {
    expect(ids('score', true)).toEqual([1, 2, 3, 4]);
    expect(ids('score', false)).toEqual([2, 1, 3, 4]);
  });

  it('puts the images closest to a limit first', () => {
    expect(ids('distance', false)).toEqual([3, 1, 2, 4]);
  });

  it('keeps or reverses the order of the store by name', () => {
    expect(ids('name', false)).toEqual([1, 2, 3, 4]);
    expect(ids('name', true)).toEqual([4, 3, 2, 1]);
  });
});
