import { expect, it } from 'vitest';
import { RateLimitedLog } from './rate-limited-log.ts';

it('writes one line per interval and the number of dropped lines', async () => {
  const lines: string[] = [];
  const log = new RateLimitedLog((line) => lines.push(line), 50);
  for (let i = 0; i < 5; i++) log.write('invalid');
  await new Promise((resolve) => setTimeout(resolve, 60));
  log.write('invalid');
  expect(lines).toEqual(['invalid', 'invalid (4 more messages)']);
});
