import { untrack } from 'svelte';

/**
 * Runs `act` with a value, now and whenever the value changes. Only `read` is tracked: what `act` reads, directly or in a loader that
 * it calls, never runs it again, so that an effect cannot loop over what it writes. The lint configuration forbids `$effect` elsewhere.
 * To be called in a component.
 *
 * @param act may return a cleanup function, which runs before the next `act` and when the component goes
 */
export function watch<Value>(read: () => Value, act: (value: Value) => unknown): void {
  $effect(() => {
    const value = read();
    const cleanup = untrack(() => act(value));
    return typeof cleanup === 'function' ? (cleanup as () => void) : undefined;
  });
}
