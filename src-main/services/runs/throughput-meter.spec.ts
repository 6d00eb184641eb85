import { expect, it } from 'vitest';
import { ThroughputMeter } from './throughput-meter.ts';

it('has no rate before enough items have ended over enough time', () => {
  const meter = new ThroughputMeter(0);
  meter.ended(3000);
  meter.ended(3015);
  expect(meter.rate).toBeNull();
  meter.ended(6000);
  expect(meter.rate).toBe(0.5);
  const quick = new ThroughputMeter(0);
  for (let at = 1; at <= 10; at++) quick.ended(at);
  expect(quick.rate).toBeNull();
});

it('follows the latest items', () => {
  const meter = new ThroughputMeter(0);
  for (let at = 1; at <= 10; at++) meter.ended(at * 10_000);
  for (let at = 1; at <= 40; at++) meter.ended(100_000 + at * 1000);
  expect(meter.rate).toBe(1);
});
