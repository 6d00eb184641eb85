import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { ImageFacts } from './image-filter.ts';

export const orderings = ['name', 'kind', 'score', 'disagreement'] as const;
export type Ordering = (typeof orderings)[number];

/** How images are sorted; those of which the fact is not known come last either way. */
export interface Order {
  by: Ordering;
  descending: boolean;
}

export const DEFAULT_ORDER: Order = { by: 'name', descending: false };

/** @param images in the order of the store, which is that of their names and is kept among equals */
export function sortImages(
  images: readonly DatasetImage[],
  order: Order,
  facts: ImageFacts,
): readonly DatasetImage[] {
  const sign = order.descending ? -1 : 1;
  if (order.by === 'name') return order.descending ? images.toReversed() : images;
  if (order.by === 'kind') return images.toSorted((a, b) => sign * compareTexts(a.defectType, b.defectType));
  const fact = facts[order.by];
  // Each fact is asked for once, not once a comparison.
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
