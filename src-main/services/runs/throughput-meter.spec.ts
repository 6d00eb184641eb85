import { expect, it } from 'vitest';
import { ThroughputMeter } from './throughput-meter.ts';

it('has no rate before enough items have ended over enough time', () => {
  const pace = new ThroughputMeter(0);
  pace.ended(3000);
  pace.ended(3015);
  expect(pace.rate).toBeNull();
  pace.ended(6000);
  expect(pace.rate).toBe(0.5);
  const quick = new ThroughputMeter(0);
  for (let at = 1; at <= 10; at++) quick.ended(at);
  expect(quick.rate).toBeNull();
});

it('follows the latest items', () => {
  const pace = new ThroughputMeter(0);
  for (let at = 1; at <= 10; at++) pace.ended(at * 10_000);
  for (let at = 1; at <= 40; at++) pace.ended(100_000 + at * 1000);
  expect(pace.rate).toBe(1);
});
