import { expect, it, vi } from 'vitest';
import { AssetError } from '../api/failures.ts';
import { untilMade } from './until-made.ts';

it('repeats work until its tiles are made, and not after another failure', async () => {
  vi.useFakeTimers();
  const notYet = new AssetError({ code: 'NOT_YET', message: '40 %' });
  const work = vi.fn().mockRejectedValueOnce(notYet).mockRejectedValueOnce(notYet).mockResolvedValue('made');
  const made = untilMade(work);
  await vi.advanceTimersByTimeAsync(1100);
  expect(await made).toBe('made');
  expect(work).toHaveBeenCalledTimes(3);
  const gone = new AssetError({ code: 'NOT_FOUND', message: 'gone' });
  await expect(untilMade(vi.fn().mockRejectedValue(gone))).rejects.toBe(gone);
  vi.useRealTimers();
});
