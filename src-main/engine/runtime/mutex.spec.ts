import { describe, expect, it } from 'vitest';
import { Mutex } from './mutex.ts';

const never = new AbortController().signal;

describe('a mutex', () => {
  it('admits holders one after the other, in order', async () => {
    const mutex = new Mutex();
    const order: string[] = [];
    const hold = async (name: string) => {
      using _lock = await mutex.acquire(never);
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map(hold));
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('skips a waiter whose signal aborts, and still admits one holder at a time', async () => {
    const mutex = new Mutex();
    const first = await mutex.acquire(never);
    const controller = new AbortController();
    const second = mutex.acquire(controller.signal);
    const third = mutex.acquire(never);
    controller.abort(new Error('no longer wanted'));
    await expect(second).rejects.toThrow('no longer wanted');
    const state = () => Promise.race([third.then(() => 'acquired'), Promise.resolve('waiting')]);
    expect(await state()).toBe('waiting');
    first[Symbol.dispose]();
    await expect(third).resolves.toBeDefined();
  });

  it('rejects at once if the signal is already aborted', async () => {
    const mutex = new Mutex();
    await expect(mutex.acquire(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await expect(mutex.acquire(never)).resolves.toBeDefined();
  });
});
