import { describe, expect, it } from 'vitest';
import { nextWaiting, secondsLeft } from './queue.ts';

describe('what is inspected next', () => {
  const images = [true, false, true, false].map((waits, at) => ({ at, waits }));

  it('is the image that is looked at, or the first after it', () => {
    expect(nextWaiting(images, 2)?.at).toBe(2);
    expect(nextWaiting(images, 1)?.at).toBe(2);
  });

  it('goes on from the start where none is left after it', () => {
    expect(nextWaiting(images, 3)?.at).toBe(0);
    expect(nextWaiting(images, -1)?.at).toBe(0);
  });

  it('is nothing where nothing waits', () => {
    expect(nextWaiting([{ waits: false }], 0)).toBeUndefined();
  });
});

it('foretells the time left by the pace so far', () => {
  expect(secondsLeft(10, 5, 20)).toBe(30);
  expect(secondsLeft(10, 0, 20)).toBeUndefined();
});
