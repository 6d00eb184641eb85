import { beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { aDataset, fakeClient } from '../test/client.ts';
import { anImage } from '../test/images.ts';
import { classRangeOf } from './class-range-of.ts';
import { ClassScoresStore } from './class-scores.svelte.ts';
import { ResultStore } from './result-store.svelte.ts';
import { ThresholdStore } from './threshold-store.svelte.ts';

const aResult = (image: number, min: number, max: number, threshold: number) =>
  ({ image, method: 7, min, max, threshold }) as Result;

describe('ClassScoresStore', () => {
  let datasets: DatasetStore;
  let results: ResultStore;
  let thresholds: ThresholdStore;
  let scores: ClassScoresStore;

  beforeEach(async () => {
    const client = fakeClient({
      datasets: [aDataset({ id: 1 })],
      images: { 1: [1, 2, 3].map((id) => anImage({ id, textureClass: id < 3 ? 'linen' : 'felt' })) },
      results: [aResult(1, 0, 4, 3), aResult(2, -1, 10, 5), aResult(3, 2, 2, 2)],
    });
    datasets = new DatasetStore(client, new Notices());
    results = new ResultStore(client, new Notices());
    thresholds = new ThresholdStore(client as Pick<Client, 'settings'>, new Notices());
    scores = new ClassScoresStore(datasets, results, thresholds, () => 7);
    await datasets.watch();
    results.open(1);
    results.byMethod(7);
    await new Promise((resolve) => setTimeout(resolve));
  });

  it('suggests the review threshold of the recipe that decides a class', () => {
    const decided = new ClassScoresStore(
      datasets,
      results,
      thresholds,
      () => 7,
      (textureClass) => (textureClass === 'linen' ? 6 : undefined),
    );
    expect(decided.byClass.get('linen')).toMatchObject({ suggested: 6, threshold: 6, above: 1 });
    expect(decided.byClass.get('felt')).toMatchObject({ suggested: 2 });
  });

  it('has one range and one threshold per class', () => {
    expect(scores.byClass.get('linen')).toMatchObject({
      suggested: 3,
      threshold: 3,
      isCustom: false,
      range: { low: -1, high: 10 },
      above: 2,
    });
  });

  it('has a range that is not empty if all scores are equal', () => {
    expect(scores.byClass.get('felt')?.range).toEqual({ low: 2, high: 3 });
  });

  it('follows a custom threshold, which extends the range', () => {
    scores.setThreshold('linen', 12);
    expect(scores.byClass.get('linen')).toMatchObject({
      suggested: 3,
      threshold: 12,
      isCustom: true,
      range: { low: -1, high: 12 },
      above: 0,
    });
    scores.setThreshold('linen', undefined);
    expect(scores.byClass.get('linen')).toMatchObject({ threshold: 3, isCustom: false });
  });

  it('steps the threshold by hundredths of the range', () => {
    scores.stepThreshold('linen', 10);
    expect(scores.byClass.get('linen')?.threshold).toBeCloseTo(3 + 0.1 * 11);
    scores.stepThreshold(undefined, 10);
    scores.stepThreshold('silk', 10);
    expect(scores.byClass.size).toBe(2);
  });

  it('has the range of a class by any method, if there are results', () => {
    expect(classRangeOf({ datasets, results }, 7, 'linen')).toEqual({
      range: { low: -1, high: 10 },
      threshold: 3,
    });
    expect(classRangeOf({ datasets, results }, 8, 'linen')).toBeUndefined();
  });
});
