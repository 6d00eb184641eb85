import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { ThresholdStore } from './threshold-store.svelte.ts';

const carpet = { dataset: 1, method: 2, textureClass: 'carpet' };

describe('ThresholdStore', () => {
  const setThreshold = vi.fn(async () => {});
  const settings = {
    setThreshold,
    thresholds: async () => ({ thresholds: [{ textureClass: 'carpet', score: 0.5 }] }),
  };
  let notices: Notices;
  let thresholds: ThresholdStore;

  beforeEach(() => {
    vi.useFakeTimers();
    setThreshold.mockReset();
    notices = new Notices();
    thresholds = new ThresholdStore({ settings } as unknown as Client, notices);
  });

  it('loads saved thresholds', async () => {
    await thresholds.load(1, 2);
    expect(thresholds.get(carpet)).toBe(0.5);
    expect(thresholds.get({ ...carpet, method: 3 })).toBeUndefined();
  });

  it('saves once after a slider rests', async () => {
    for (const score of [0.1, 0.2, 0.3]) thresholds.set(carpet, score);
    expect(thresholds.get(carpet)).toBe(0.3);
    expect(setThreshold).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(setThreshold.mock.calls).toEqual([[{ ...carpet, score: 0.3 }]]);
  });

  it('keeps an unsaved threshold when saved ones load', async () => {
    thresholds.set(carpet, 0.9);
    await thresholds.load(1, 2);
    expect(thresholds.get(carpet)).toBe(0.9);
  });

  it('ignores a response from before a write', async () => {
    const answer = Promise.withResolvers<Awaited<ReturnType<typeof settings.thresholds>>>();
    const slow = { ...settings, thresholds: () => answer.promise };
    thresholds = new ThresholdStore({ settings: slow } as unknown as Client, notices);
    const loading = thresholds.load(1, 2);
    thresholds.set(carpet, 0.9);
    await thresholds.flush();
    answer.resolve(await settings.thresholds());
    await loading;
    expect(thresholds.get(carpet)).toBe(0.9);
  });

  it('resets a threshold to the suggested one', async () => {
    await thresholds.load(1, 2);
    thresholds.set(carpet, undefined);
    await thresholds.flush();
    expect(setThreshold.mock.calls).toEqual([[{ ...carpet, score: null }]]);
  });

  it('shows a notice when a threshold cannot be saved', async () => {
    setThreshold.mockRejectedValue(new Error('disk'));
    thresholds.set(carpet, 0.9);
    await thresholds.flush();
    expect(notices.all[0].title).toContain('carpet');
  });
});
