import { classRange, rangeResults } from '../../../src-main/common/maps/class-range.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ResultStore } from './result-store.svelte.ts';

/** The display range and the suggested threshold of a class by a method; undefined if it has no results. */
export function classRangeOf(
  { datasets, results }: { datasets: DatasetStore; results: ResultStore },
  method: number,
  textureClass: string,
): ReturnType<typeof classRange> | undefined {
  const ofClass = [...results.byMethod(method).values()].filter(
    ({ image }) => datasets.byId.get(image)?.textureClass === textureClass,
  );
  const isTest = (image: number) => datasets.byId.get(image)?.split === 'test';
  return ofClass.length === 0 ? undefined : classRange(rangeResults(ofClass, isTest));
}
