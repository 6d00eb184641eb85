import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Revision } from '../../src-main/common/api/annotation.ts';
import { AssetError } from '../api/failures.ts';
import { Autosave, type MaskBackend } from './autosave.svelte.ts';

const PAUSE = 1000;
const revisionOf = (revision: number): Revision => ({
  image: 1,
  revision,
  groundTruth: 'masked',
  mask: 'abc',
  author: 'A. Weber',
  source: 'drawn',
  pixels: 1,
  at: '2026-01-01T00:00:00.000Z',
});

/** A store that refuses what was not drawn on its latest revision. */
class Store {
  latest = 3;
  drawn = 'nothing';
  author = 'A. Weber';
  saved: string[] = [];
  trouble: Error | undefined;
  slow: Promise<void> = Promise.resolve(undefined);

  readonly backend: MaskBackend = {
    author: () => this.author,
    encode: async () => (this.drawn === 'unknown' ? undefined : new TextEncoder().encode(this.drawn)),
    post: async (png, _author, base) => {
      await this.slow;
      if (this.trouble) throw this.trouble;
      if (base !== this.latest) throw new AssetError({ code: 'CONFLICT', message: 'Somebody was faster.' });
      if (this.drawn === 'as it was') return undefined;
      this.saved.push(png ? new TextDecoder().decode(png) : 'unknown');
      return revisionOf(++this.latest);
    },
    saved: () => {},
  };
}

describe('saving a drawing', () => {
  let store: Store;
  let saving: Autosave;
  const draw = (drawn: string) => {
    store.drawn = drawn;
    saving.edited();
  };

  beforeEach(() => {
    vi.useFakeTimers();
    store = new Store();
    saving = new Autosave(store.backend, 3, PAUSE);
  });

  it('saves that nothing is known, and nothing where the store says the same', async () => {
    draw('unknown');
    await saving.flush();
    expect(store.saved).toEqual(['unknown']);
    draw('as it was');
    await saving.flush();
    expect([store.saved.length, saving.base, saving.state.kind]).toEqual([1, 4, 'saved']);
  });

  it('waits for a pause, then saves once', async () => {
    draw('a line');
    await vi.advanceTimersByTimeAsync(PAUSE - 1);
    draw('two lines');
    await vi.advanceTimersByTimeAsync(PAUSE - 1);
    expect(store.saved).toEqual([]);
    expect(saving.state.kind).toBe('changed');
    await vi.advanceTimersByTimeAsync(1);
    expect(store.saved).toEqual(['two lines']);
    expect(saving.state.kind).toBe('saved');
    expect(saving.base).toBe(4);
  });

  it('does not wait when the image is left', async () => {
    draw('a line');
    expect(await saving.flush()).toBe(true);
    expect(store.saved).toEqual(['a line']);
    await vi.advanceTimersByTimeAsync(PAUSE * 2);
    expect(store.saved).toHaveLength(1);
  });

  it('saves what is drawn while it saves, after it', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    store.slow = promise;
    draw('first');
    const first = saving.flush();
    draw('second');
    expect(saving.state.kind).toBe('saving');
    resolve(undefined);
    await first;
    expect(saving.state.kind).toBe('changed');
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(store.saved.at(-1)).toBe('second');
    expect(saving.state.kind).toBe('saved');
  });

  it('says why it could not, and does when asked again', async () => {
    store.trouble = new AssetError({ code: 'DISK_FULL', message: 'The disk is full.' });
    draw('a line');
    expect(await saving.flush()).toBe(false);
    expect(saving.state).toEqual({
      kind: 'failed',
      error: { code: 'DISK_FULL', message: 'The disk is full.' },
    });
    store.trouble = undefined;
    expect(await saving.flush()).toBe(true);
    expect(store.saved).toEqual(['a line']);
  });

  it('waits for somebody to sign', async () => {
    store.author = '';
    draw('a line');
    expect(await saving.flush()).toBe(false);
    expect(saving.state.kind).toBe('no-author');
    store.author = 'B. Klein';
    expect(await saving.flush()).toBe(true);
  });

  it('never saves over what somebody else saved, until a person says so', async () => {
    store.latest = 5;
    draw('mine');
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(saving.state.kind).toBe('conflict');
    draw('mine, longer');
    await vi.advanceTimersByTimeAsync(PAUSE * 3);
    expect(store.saved).toEqual([]);
    expect(await saving.overwrite(5)).toBe(true);
    expect(store.saved).toEqual(['mine, longer']);
    expect(saving.base).toBe(6);
  });

  it('has nothing to save where the drawing became what the store has', async () => {
    store.latest = 5;
    draw('mine');
    await saving.flush();
    saving.markSaved(5);
    await vi.advanceTimersByTimeAsync(PAUSE * 3);
    expect(store.saved).toEqual([]);
    expect(saving.pending).toBe(false);
  });
});
