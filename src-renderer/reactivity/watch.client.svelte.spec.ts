import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { watch } from './watch.svelte.ts';

describe('watch', () => {
  it('aborts the signal of the last act before the next one, and when its component is destroyed', () => {
    let value = $state(1);
    const signals: AbortSignal[] = [];
    const seen: { value: number; aborted: boolean[] }[] = [];
    const destroy = $effect.root(() =>
      watch(
        () => value,
        (current, signal) => {
          signals.push(signal);
          seen.push({ value: current, aborted: signals.map(({ aborted }) => aborted) });
        },
      ),
    );
    flushSync();
    value = 2;
    flushSync();
    expect(seen).toEqual([
      { value: 1, aborted: [false] },
      { value: 2, aborted: [true, false] },
    ]);
    destroy();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('aborts before the cleanup of act', () => {
    let value = $state(1);
    const order: string[] = [];
    const destroy = $effect.root(() =>
      watch(
        () => value,
        (current, signal) => {
          order.push(`act ${current}`);
          signal.addEventListener('abort', () => order.push(`abort ${current}`));
          return () => order.push(`clean up ${current}`);
        },
      ),
    );
    flushSync();
    value = 2;
    flushSync();
    destroy();
    expect(order).toEqual(['act 1', 'abort 1', 'clean up 1', 'act 2', 'abort 2', 'clean up 2']);
  });
});
