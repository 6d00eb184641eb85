import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addImages, temporaryStore } from '../test/store.ts';
import { LEASE_MS } from './runs.ts';
import type { Store } from './store.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let dataset: number;
let images: number[];
let method: number;

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  ({ dataset, images } = addImages(store, [{}, {}, {}]));
  method = store.methods.upsertImported('anomalib').id;
});
afterEach(() => temporary.dispose());

const isDead = () => false;
const add = (owner = 'us', done = false) =>
  store.runs.add(
    { dataset, classes: null, provider: 'cpu' },
    images.map((image) => ({ image, method, done })),
    owner,
  );
const claim = (owner: string) => store.runItems.claim(owner)[0];
const silence = (run: number) =>
  store.database.prepare('UPDATE runs SET lease_expires_at_ms = ? WHERE id = ?').run(Date.now() - 1, run);

describe('the queue', () => {
  it('gives each item out once, in order, only to the owner of its run', () => {
    add();
    expect(store.runItems.claim('them')).toEqual([]);
    expect([claim('us'), claim('us'), claim('us')].map(({ image }) => image)).toEqual(images);
    expect(store.runItems.claim('us')).toEqual([]);
  });

  it('puts the last prioritized items first', () => {
    const first = add();
    add();
    store.runItems.prioritize([images[1]]);
    store.runItems.prioritize([images[2]]);
    const order = Array.from({ length: 6 }, () => claim('us'));
    expect(order.map(({ image }) => images.indexOf(image))).toEqual([2, 2, 1, 1, 0, 0]);
    expect(order[4].run).toBe(first);
  });

  it('ends a run with its last item, even if that item failed', () => {
    const run = add();
    store.runItems.settle(claim('us'), 'us');
    store.runItems.settle(claim('us'), 'us', { code: 'NOT_FOUND', message: 'gone' });
    expect(store.runs.get(run).state).toBe('running');
    store.runItems.settle(claim('us'), 'us');
    expect(store.runs.get(run)).toMatchObject({ state: 'done', leaseOwner: null });
    expect(store.runItems.countStates(run)).toMatchObject({ done: 2, failed: 1 });
    const { items, total } = store.runItems.list(run, { state: 'failed', offset: 0, limit: 10 });
    expect([total, items[0].error]).toEqual([1, { code: 'NOT_FOUND', message: 'gone' }]);
  });

  it('has no items if every result exists', () => {
    expect(store.runs.get(add('us', true))).toMatchObject({
      state: 'done',
      leaseOwner: null,
      startedAt: null,
    });
  });
});

describe('the owner of a run', () => {
  it('keeps it while its lease is valid', () => {
    const run = add();
    store.runs.claimOrphans('them', isDead);
    expect(store.runs.get(run).leaseOwner).toBe('us');
    silence(run);
    store.runs.renewLeases('us');
    expect(store.runs.get(run).leaseExpiresAtMs).toBeGreaterThan(Date.now() + LEASE_MS / 2);
    store.runs.claimOrphans('them', isDead);
    expect(store.runs.get(run).leaseOwner).toBe('us');
  });

  it('loses it when its lease expires, and can no longer settle its items', () => {
    const run = add();
    const item = claim('us');
    silence(run);
    store.runs.claimOrphans('them', isDead);
    expect(store.runs.get(run)).toMatchObject({ leaseOwner: 'them', state: 'waiting' });
    expect(store.runItems.countStates(run)).toMatchObject({ waiting: 3, running: 0 });
    expect(claim('them').id).toBe(item.id);
    expect(store.runItems.settle(item, 'us')).toBe(false);
    expect(store.runItems.isRunning(item, 'them')).toBe(true);
  });

  it('loses it immediately if its process has exited', () => {
    const run = add();
    store.runs.claimOrphans('them', (owner) => owner === 'us');
    expect(store.runs.get(run).leaseOwner).toBe('them');
  });

  it('returns its runs to the queue when it releases them', () => {
    const run = add();
    claim('us');
    store.runs.releaseAll('us');
    expect(store.runs.get(run)).toMatchObject({ leaseOwner: null, state: 'waiting' });
    expect(store.runItems.countStates(run)).toMatchObject({ waiting: 3, running: 0 });
  });

  it('loses runs that another process pauses or cancels', () => {
    const [paused, canceled] = [add(), add()];
    const item = claim('us');
    store.runs.pause(paused);
    store.runs.cancel(canceled);
    expect(store.runItems.settle(item, 'us')).toBe(false);
    expect(store.runItems.claim('us')).toEqual([]);
    store.runs.claimOrphans('them', isDead);
    expect([paused, canceled].map((run) => store.runs.get(run).leaseOwner)).toEqual([null, null]);
    store.runs.resume(paused, 'them', isDead);
    store.runs.resume(canceled, 'them', isDead);
    expect(store.runs.get(paused).leaseOwner).toBe('them');
    expect(store.runs.get(canceled)).toMatchObject({ state: 'canceled', leaseOwner: null });
  });

  it('keeps it when another process resumes it', () => {
    const run = add();
    store.runs.resume(run, 'them', isDead);
    expect(store.runs.get(run).leaseOwner).toBe('us');
  });

  it('returns lost items to the queue', () => {
    const run = add();
    const [lost, kept] = [claim('us'), claim('us')];
    store.runItems.requeueExcept([kept.id], 'us');
    expect(store.runItems.countStates(run)).toMatchObject({ waiting: 2, running: 1 });
    expect(claim('us').id).toBe(lost.id);
  });
});

describe('a retry', () => {
  it('requeues only failed and canceled items', () => {
    const run = add();
    store.runItems.settle(claim('us'), 'us');
    store.runItems.settle(claim('us'), 'us', { code: 'NOT_FOUND', message: 'gone' });
    store.runs.cancel(run);
    expect(store.runItems.countStates(run)).toMatchObject({ done: 1, failed: 1, canceled: 1 });
    store.runs.retry(run, 'us', isDead);
    expect(store.runs.get(run)).toMatchObject({ state: 'waiting', leaseOwner: 'us', endedAt: null });
    expect(store.runItems.countStates(run)).toMatchObject({ done: 1, waiting: 2 });
    expect(store.runItems.list(run, { offset: 0, limit: 9 }).items.every(({ error }) => error === null)).toBe(
      true,
    );
  });
});
