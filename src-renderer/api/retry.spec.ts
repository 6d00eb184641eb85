import { expect, it } from 'vitest';
import { retryOnReconnect } from './retry.ts';
import { ConnectionLostError } from './failures.ts';

it('repeats a call whose response was lost, and passes on errors of the host', async () => {
  let calls = 0;
  const answer = retryOnReconnect(async () => {
    calls++;
    if (calls < 3) throw new ConnectionLostError(undefined);
    return calls;
  });
  expect(await answer).toBe(3);
  const refused = retryOnReconnect(() => Promise.reject(new RangeError('no')));
  await expect(refused).rejects.toThrow('no');
});
