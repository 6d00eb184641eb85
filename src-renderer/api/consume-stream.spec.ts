import { expect, it, vi } from 'vitest';
import { consumeStream } from './consume-stream.ts';
import { ConnectionLostError } from './failures.ts';

async function* streamOf(events: number[], failure?: Error) {
  yield* events;
  if (failure) throw failure;
}

it('handles events one after another', async () => {
  const handled: number[] = [];
  const handle = async (event: number) => {
    await new Promise((resolve) => setTimeout(resolve, 5 - event));
    handled.push(event);
  };
  await consumeStream(Promise.resolve(streamOf([1, 2, 3])), handle, () => {});
  expect(handled).toEqual([1, 2, 3]);
});

it('reports a failed stream, but not a lost connection', async () => {
  const onFailure = vi.fn();
  const lost = new ConnectionLostError(undefined);
  await consumeStream(Promise.resolve(streamOf([], lost)), () => {}, onFailure);
  await consumeStream(Promise.reject(lost), () => {}, onFailure);
  expect(onFailure).not.toHaveBeenCalled();
  await consumeStream(Promise.resolve(streamOf([], new Error('disk'))), () => {}, onFailure);
  expect(onFailure).toHaveBeenCalledTimes(1);
});
