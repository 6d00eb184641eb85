import { describe, expect, it, vi } from 'vitest';
import { ConnectionLostError } from '../api/failures.ts';
import { ThumbnailCache } from './thumbnail-cache.svelte.ts';

interface Call {
  names: string[];
  answer: (thumbnails: (string | null)[]) => void;
  fail: (thrown: unknown) => void;
}

function pendingHost() {
  const calls: Call[] = [];
  const thumbnails = new ThumbnailCache({
    thumbnails: ({ thumbnails: names }) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ thumbnails: (string | null)[] }>();
      calls.push({ names, answer: (thumbnails) => resolve({ thumbnails }), fail: reject });
      return promise;
    },
  });
  return { calls, thumbnails };
}
const named = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `name ${from + at}`);

describe('ThumbnailCache', () => {
  it('loads in one batch', async () => {
    const { calls, thumbnails } = pendingHost();
    for (const name of ['a', 'b', 'a']) thumbnails.request(name);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0].names).toEqual(['a', 'b']);
    expect(thumbnails.get('a').url).toBeUndefined();
    calls[0].answer(['AAAA', null]);
    await vi.waitFor(() => expect(thumbnails.get('a').url).toBe('data:image/webp;base64,AAAA'));
    expect(thumbnails.get('b').url).toBeNull();
    thumbnails.request('a');
    await Promise.resolve();
    expect(calls).toHaveLength(1);
  });

  it('loads in at most two concurrent calls, without those that are no longer shown', async () => {
    const { calls, thumbnails } = pendingHost();
    const cancels = named(120).map((name) => thumbnails.request(name));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    for (const cancel of cancels) cancel();
    thumbnails.request('in view');
    const first = calls[0].names;
    calls[0].answer(first.map(() => 'AAAA'));
    await vi.waitFor(() => expect(calls).toHaveLength(3));
    expect(calls[2].names).toEqual(['in view']);
    expect(thumbnails.get(first[0]).url).toBeDefined();
  });

  it('loads those in view first', async () => {
    const { calls, thumbnails } = pendingHost();
    for (const name of named(60)) thumbnails.request(name, false);
    for (const name of named(30, 60)) thumbnails.request(name);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[0].names.slice(0, 31)).toEqual([...named(30, 60), 'name 0']);
  });

  it('loads while at least one of several components shows them', async () => {
    const { calls, thumbnails } = pendingHost();
    const cancel = thumbnails.request('a');
    thumbnails.request('a');
    cancel();
    await vi.waitFor(() => expect(calls.map(({ names }) => names)).toEqual([['a']]));
  });

  it('loads again after a lost connection, but not after a refusal', async () => {
    const { calls, thumbnails } = pendingHost();
    thumbnails.request('a');
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    calls[0].fail(new ConnectionLostError(new Error('gone')));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1].fail(new Error('refused'));
    await vi.waitFor(() => expect(thumbnails.get('a').url).toBeNull());
    expect(calls).toHaveLength(2);
  });

  it('loads again when a failed one is next shown', async () => {
    const { calls, thumbnails } = pendingHost();
    thumbnails.request('a');
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    calls[0].answer([null]);
    await vi.waitFor(() => expect(thumbnails.get('a').url).toBeNull());
    thumbnails.request('a');
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1].answer(['AAAA']);
    await vi.waitFor(() => expect(thumbnails.get('a').url).toContain('AAAA'));
  });
});
