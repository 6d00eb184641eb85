import { untrack } from 'svelte';

/**
 * Runs `act` with the value of `read`, now and whenever the value changes. Call it in a component.
 *
 * Only `read` is tracked. State that `act` reads never triggers it again, so an effect cannot loop over state that it writes.
 * The lint configuration forbids `$effect` elsewhere.
 *
 * @param act may return a cleanup function, which runs before the next `act` and when the component is destroyed. The
 *   signal aborts at the same times: what `act` awaits is then out of date, and a prop may no longer have a value.
 */
export function watch<Value>(read: () => Value, act: (value: Value, signal: AbortSignal) => unknown): void {
  $effect(() => {
    const value = read();
    const controller = new AbortController();
    const cleanup = untrack(() => act(value, controller.signal));
    return () => {
      controller.abort();
      if (typeof cleanup === 'function') (cleanup as () => void)();
    };
  });
}
