import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScoreEvent } from '../../../src-main/common/api/recipes.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { aDefinition, aScoredImage } from '../test/recipes.ts';
import { ImageScores, scoringPart, type ScoreRequest } from './image-scores.svelte.ts';

const request: ScoreRequest = { recipe: 1, dataset: 1, textureClass: 'linen', draft: {}, version: '' };
const settled = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

async function* streamOf(events: readonly ScoreEvent[]) {
  yield* events;
}

describe('ImageScores', () => {
  const scores = vi.fn();
  let images: ImageScores;

  beforeEach(() => {
    const found = {
      type: 'scores',
      images: [aScoredImage({ image: 4, score: 2 })],
      missing: [5],
      otherNormalImages: false,
    } as const;
    scores.mockReset();
    scores.mockImplementation(async () =>
      streamOf([
        { type: 'progress', done: 1, total: 2 },
        { ...found, missing: [5], images: [...found.images] },
      ]),
    );
    images = new ImageScores({ recipes: { scores } } as unknown as Client);
  });

  it('loads scores and missing images', async () => {
    images.open(request);
    await settled(10);
    expect(images.images.map(({ image }) => image)).toEqual([4]);
    expect(images.missing).toEqual([5]);
    expect(images.loaded).toBe(true);
    expect(images.progress).toBeUndefined();
  });

  it('keeps the scores of a class until new ones arrive, but not those of another class', async () => {
    images.open(request);
    await settled(10);
    images.open({ ...request, version: '2' });
    expect(images.images).toHaveLength(1);
    expect(images.loaded).toBe(false);
    images.open({ ...request, textureClass: 'felt' })();
    expect(images.images).toHaveLength(0);
  });

  it('requests once for changes in quick succession', async () => {
    let cancel = images.open(request);
    await settled(10);
    for (const version of ['2', '3', '4']) {
      cancel();
      cancel = images.open({ ...request, version });
    }
    await settled(300);
    expect(scores).toHaveBeenCalledTimes(2);
    expect(images.loaded).toBe(true);
    cancel();
  });

  it('is not interrupted by new results, but by a new definition', async () => {
    const signals: AbortSignal[] = [];
    scores.mockImplementation(async (_, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      await settled(30);
      return streamOf([]);
    });
    const first = images.open(request);
    await settled(10);
    first();
    const second = images.open({ ...request, version: '2' });
    await settled();
    expect(signals[0].aborted).toBe(false);
    second();
    images.open({ ...request, draft: { mmPerPixel: 2 } });
    expect(signals[0].aborted).toBe(true);
    await settled(400);
    expect(scores).toHaveBeenCalledTimes(2);
  });

  it('is canceled when nothing is wanted', async () => {
    let signal: AbortSignal | undefined;
    scores.mockImplementation(async (_, options: { signal: AbortSignal }) => {
      signal = options.signal;
      await settled(30);
      return streamOf([]);
    });
    const cancel = images.open(request);
    await settled(10);
    cancel();
    await settled();
    expect(signal?.aborted).toBe(true);
  });

  it('reports why scoring failed', async () => {
    scores.mockRejectedValue(new Error('The disk is missing.'));
    images.open(request);
    await settled(10);
    expect(images.failure).toContain('The disk is missing.');
  });
});

describe('scoringPart', () => {
  it('has thresholds only if regions are limited', () => {
    const thresholds = { review: 1, reject: 2 };
    expect(scoringPart(aDefinition({ thresholds }))).not.toHaveProperty('thresholds');
    const regionLimits = { maxCount: 3, maxTotalArea: null };
    expect(scoringPart(aDefinition({ thresholds, regionLimits }))).toMatchObject({
      thresholds,
      regionLimits,
    });
  });
});
