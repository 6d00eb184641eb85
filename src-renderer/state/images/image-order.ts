import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { ImageFacts } from './image-filter.ts';

export const orderings = ['name', 'kind', 'score', 'distance', 'disagreement'] as const;
export type Ordering = (typeof orderings)[number];

/** The sort order of images. Images without a value come last in both directions. */
export interface Order {
  by: Ordering;
  descending: boolean;
}

export const DEFAULT_ORDER: Order = { by: 'name', descending: false };

/** @param images sorted by name; images of equal value keep that order */
export function sortImages(
  images: readonly DatasetImage[],
  order: Order,
  facts: ImageFacts,
): readonly DatasetImage[] {
  const sign = order.descending ? -1 : 1;
  if (order.by === 'name') return order.descending ? images.toReversed() : images;
  if (order.by === 'kind') return images.toSorted((a, b) => sign * compareTexts(a.defectType, b.defectType));
  const fact = facts[order.by];
  // Reads each value once, not once per comparison.
  const keyed = images.map((image) => ({ image, key: fact(image) }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined);
    return sign * (a.key - b.key);
  });
  return keyed.map(({ image }) => image);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
