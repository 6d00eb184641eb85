import { expect, it } from 'vitest';
import { untilAnswered } from './retry.ts';
import { LostError } from './failures.ts';

it('makes a call again whose answer was lost, and passes on what the host answers', async () => {
  let calls = 0;
  const answer = untilAnswered(async () => {
    calls++;
    if (calls < 3) throw new LostError(undefined);
    return calls;
  });
  expect(await answer).toBe(3);
  const refused = untilAnswered(() => Promise.reject(new RangeError('no')));
  await expect(refused).rejects.toThrow('no');
});
