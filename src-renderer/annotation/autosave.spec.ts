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

/** A store that refuses masks that are not based on its latest revision. */
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
      if (base !== this.latest)
        throw new AssetError({ code: 'CONFLICT', message: 'Another user saved first.' });
      if (this.drawn === 'unchanged') return undefined;
      this.saved.push(png ? new TextDecoder().decode(png) : 'unknown');
      return revisionOf(++this.latest);
    },
    saved: () => {},
  };
}

describe('Autosave', () => {
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

  it('saves an unknown ground truth, and nothing if the store has the same', async () => {
    draw('unknown');
    await saving.flush();
    expect(store.saved).toEqual(['unknown']);
    draw('unchanged');
    await saving.flush();
    expect([store.saved.length, saving.base, saving.state.kind]).toEqual([1, 4, 'saved']);
  });

  it('saves once after a pause', async () => {
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

  it('saves immediately when the image is closed', async () => {
    draw('a line');
    expect(await saving.flush()).toBe(true);
    expect(store.saved).toEqual(['a line']);
    await vi.advanceTimersByTimeAsync(PAUSE * 2);
    expect(store.saved).toHaveLength(1);
  });

  it('saves edits made during a save in another save', async () => {
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

  it('reports a failed save, and saves on the next flush', async () => {
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

  it('waits for an author', async () => {
    store.author = '';
    draw('a line');
    expect(await saving.flush()).toBe(false);
    expect(saving.state.kind).toBe('no-author');
    store.author = 'B. Klein';
    expect(await saving.flush()).toBe(true);
  });

  it('overwrites a foreign revision only on request', async () => {
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

  it('has nothing to save once the mask equals a stored revision', async () => {
    store.latest = 5;
    draw('mine');
    await saving.flush();
    saving.markSaved(5);
    await vi.advanceTimersByTimeAsync(PAUSE * 3);
    expect(store.saved).toEqual([]);
    expect(saving.pending).toBe(false);
  });
});
