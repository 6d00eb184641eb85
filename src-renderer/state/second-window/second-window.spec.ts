import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DisplayChannel, displayHash, displaySource, sourceOf } from './display-channel.ts';
import type { DisplayState } from './display-state.ts';

const stateOf = (image: number) => ({ image }) as DisplayState;

beforeEach(() => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

it('keeps the id of the main window over a reload, and finds it in the address of the second window', () => {
  const source = displaySource();
  expect(displaySource()).toBe(source);
  expect(sourceOf(displayHash(source))).toBe(source);
  expect(sourceOf('#/inspect?dataset=1')).toBeUndefined();
});

it('sends each state to second windows, including those that open later, and not to those of other windows', async () => {
  const main = new DisplayChannel('a');
  main.publish(stateOf(1));
  const images: (number | undefined)[] = [];
  const foreign = vi.fn();
  new DisplayChannel('a').follow(({ image }) => images.push(image));
  new DisplayChannel('b').follow(foreign);
  await vi.waitFor(() => expect(images).toEqual([1]));
  main.publish(stateOf(2));
  await vi.waitFor(() => expect(images).toEqual([1, 2]));
  expect(foreign).not.toHaveBeenCalled();
});
