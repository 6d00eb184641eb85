import { untrack } from 'svelte';

/**
 * Runs `act` with the value of `read`, now and whenever the value changes. Call it in a component.
 *
 * Only `read` is tracked. State that `act` reads never triggers it again, so an effect cannot loop over state that it writes.
 * The lint configuration forbids `$effect` elsewhere.
 *
 * @param act may return a cleanup function, which runs before the next `act` and when the component is destroyed
 */
export function watch<Value>(read: () => Value, act: (value: Value) => unknown): void {
  $effect(() => {
    const value = read();
    const cleanup = untrack(() => act(value));
    return typeof cleanup === 'function' ? (cleanup as () => void) : undefined;
  });
}
