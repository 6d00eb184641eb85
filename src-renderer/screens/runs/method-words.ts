import type { Method } from '../../../src-main/api/schemas.ts';

/** The name that a title starts with: "Gabor: oriented-energy pyramid" is Gabor. */
export function shortTitle(title: string): string {
  return title.split(':')[0];
}

/** A method by its parts: "gabor, fca, median, T 9, 256 px". */
export function inWords({ extractor, statistic, reference, patch, resize }: Method): string {
  return [extractor, statistic, reference, `T ${patch}`, ...(resize ? [`${resize} px`] : [])].join(', ');
}
