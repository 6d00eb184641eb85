import { expect, it } from 'vitest';
import { RateLimitedLog } from './rate-limited-log.ts';

it('writes a line now and then, and how many it left out', async () => {
  const lines: string[] = [];
  const log = new RateLimitedLog((line) => lines.push(line), 50);
  for (let i = 0; i < 5; i++) log.tell('no call');
  await new Promise((resolve) => setTimeout(resolve, 60));
  log.tell('no call');
  expect(lines).toEqual(['no call', 'no call (and 4 times more)']);
});
