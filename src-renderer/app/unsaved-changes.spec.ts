import { expect, it, vi } from 'vitest';
import type { Stores } from './stores.ts';
import { settleChanges } from './unsaved-changes.ts';

/** Stores with one unsaved mask of a kind. */
function storesOf(state: object | undefined, drafts: object[] = []) {
  const unsaved = state && { dataset: 1, image: { id: 5, name: 'linen.png' }, autosave: { state } };
  const annotation = {
    unsaved: unsaved ? [unsaved] : [],
    saveAll: vi.fn(async () => {}),
    discard: vi.fn(async () => {}),
    settle: vi.fn(async () => {}),
  };
  const select = vi.fn();
  const stores = {
    annotation,
    calibration: { unsaved: drafts },
    connection: { idle: async () => {} },
    datasets: { select },
    reviews: {},
    router: { screen: 'library' },
    selection: { open: vi.fn() },
    thresholds: { flush: vi.fn(async () => {}) },
  };
  return { stores, select, all: stores as unknown as Stores };
}

it('saves all changes', async () => {
  const { stores, all } = storesOf(undefined);
  expect(await settleChanges(all, 'save')).toEqual([]);
  expect(stores.thresholds.flush).toHaveBeenCalled();
  expect(stores.annotation.saveAll).toHaveBeenCalled();
});

it('shows a mask that cannot be saved, and returns it with the reason', async () => {
  const { stores, select, all } = storesOf({ kind: 'conflict' });
  const changes = await settleChanges(all, 'save');
  expect(changes.map(({ title }) => title)).toEqual(['The mask of linen.png']);
  expect(changes[0].reason).toContain('changed elsewhere');
  expect(stores.router.screen).toBe('annotate');
  expect(select.mock.calls).toEqual([[1]]);
  expect(stores.annotation.settle).toHaveBeenCalled();
});

it('discards changes without saving', async () => {
  const { stores, all } = storesOf({ kind: 'no-author' });
  expect(await settleChanges(all, 'discard')).toEqual([]);
  expect(stores.annotation.discard).toHaveBeenCalled();
  expect(stores.annotation.saveAll).not.toHaveBeenCalled();
});

it('shows a changed recipe and returns it, or discards it', async () => {
  const discard = vi.fn();
  const recipe = { name: 'Oxford', uses: [{ dataset: 2, textureClass: 'linen' }] };
  const { stores, select, all } = storesOf(undefined, [{ recipe, discard }]);
  const changes = await settleChanges(all, 'save');
  expect(changes.map(({ title }) => title)).toEqual(['The changed recipe Oxford']);
  expect(stores.router.screen).toBe('recipe');
  expect(select.mock.calls).toEqual([[2, 'linen']]);
  expect(discard).not.toHaveBeenCalled();
  expect(await settleChanges(all, 'discard')).toEqual([]);
  expect(discard).toHaveBeenCalled();
});
