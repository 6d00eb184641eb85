import { expect, it } from 'vitest';
import { wasmBackend } from './wasm-backend.ts';

const features = {
  values: Float32Array.from({ length: 2 * 9 * 9 }, (_, at) => at % 7),
  channels: 2,
  height: 9,
  width: 9,
};

it('a call that is canceled at its end cancels no later one', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = (fraction: number) => fraction === 1 && controller.abort();
  const first = await wasmBackend.medianReference(features, 3, { threads: 2, signal, onProgress });
  expect(signal.aborted).toBe(true);
  const fractions: number[] = [];
  const execution = { threads: 2, onProgress: (fraction: number) => void fractions.push(fraction) };
  expect(await wasmBackend.medianReference(features, 3, execution)).toEqual(first);
  expect(fractions).toEqual([1]);
});
