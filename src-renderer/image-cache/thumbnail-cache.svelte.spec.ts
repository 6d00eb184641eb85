import { describe, expect, it, vi } from 'vitest';
import { ConnectionLostError } from '../api/failures.ts';
import { ThumbnailCache } from './thumbnail-cache.svelte.ts';

interface Call {
  names: string[];
  answer: (pictures: (string | null)[]) => void;
  fail: (thrown: unknown) => void;
}

function hostWithThumbnails() {
  const calls: Call[] = [];
  const thumbnails = new ThumbnailCache({
    thumbnails: ({ thumbnails: names }) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ pictures: (string | null)[] }>();
      calls.push({ names, answer: (pictures) => resolve({ pictures }), fail: reject });
      return promise;
    },
  });
  return { calls, thumbnails };
}
const named = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `name ${from + at}`);

describe('thumbnails', () => {
  it('are asked for together, and are there once they have come', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    for (const name of ['a', 'b', 'a']) thumbnails.want(name);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0].names).toEqual(['a', 'b']);
    expect(thumbnails.of('a').address).toBeUndefined();
    calls[0].answer(['AAAA', null]);
    await vi.waitFor(() => expect(thumbnails.of('a').address).toBe('data:image/webp;base64,AAAA'));
    expect(thumbnails.of('b').address).toBeNull();
    thumbnails.want('a');
    await Promise.resolve();
    expect(calls).toHaveLength(1);
  });

  it('come in a few calls at once, and those scrolled past are not asked for', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    const drops = named(120).map((name) => thumbnails.want(name));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    for (const drop of drops) drop();
    thumbnails.want('in view');
    const first = calls[0].names;
    calls[0].answer(first.map(() => 'AAAA'));
    await vi.waitFor(() => expect(calls).toHaveLength(3));
    expect(calls[2].names).toEqual(['in view']);
    expect(thumbnails.of(first[0]).address).toBeDefined();
  });

  it('in view come first', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    for (const name of named(60)) thumbnails.want(name, false);
    for (const name of named(30, 60)) thumbnails.want(name);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[0].names.slice(0, 31)).toEqual([...named(30, 60), 'name 0']);
  });

  it('shown twice come as long as one still shows them', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    const drop = thumbnails.want('a');
    thumbnails.want('a');
    drop();
    await vi.waitFor(() => expect(calls.map(({ names }) => names)).toEqual([['a']]));
  });

  it('are asked for again where the connection was lost, and not where the host refused', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    thumbnails.want('a');
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    calls[0].fail(new ConnectionLostError(new Error('gone')));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1].fail(new Error('refused'));
    await vi.waitFor(() => expect(thumbnails.of('a').address).toBeNull());
    expect(calls).toHaveLength(2);
  });

  it('that could not be had are tried again when they are shown anew', async () => {
    const { calls, thumbnails } = hostWithThumbnails();
    thumbnails.want('a');
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    calls[0].answer([null]);
    await vi.waitFor(() => expect(thumbnails.of('a').address).toBeNull());
    thumbnails.want('a');
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1].answer(['AAAA']);
    await vi.waitFor(() => expect(thumbnails.of('a').address).toContain('AAAA'));
  });
});
