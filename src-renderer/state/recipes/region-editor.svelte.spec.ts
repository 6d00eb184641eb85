import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { InspectionRegion, RegionShape } from '../../../src-main/common/api/regions.ts';
import { Notices } from '../notices.svelte.ts';
import { RegionEditor } from './region-editor.svelte.ts';
import { RegionStore } from './region-store.svelte.ts';

const square = (left: number): RegionShape => ({ type: 'rectangle', left, top: 0, width: 10, height: 10 });
let stored: Map<string, InspectionRegion>;
let regions: RegionStore;
let editor: RegionEditor;
const set = vi.fn(
  async ({ textureClass, region }: { textureClass: string; region: InspectionRegion | null }) => {
    if (region) stored.set(textureClass, region);
    else stored.delete(textureClass);
  },
);

beforeEach(async () => {
  stored = new Map([['linen', { include: [square(5)], exclude: [], border: 2 }]]);
  set.mockClear();
  const list = async () => ({
    regions: [...stored].map(([textureClass, region]) => ({ textureClass, region, author: 'Ada', at: '' })),
  });
  regions = new RegionStore({ regions: { list, set } } as never, new Notices());
  await regions.open(1);
  editor = new RegionEditor(regions);
  editor.open();
  editor.follow('linen', { width: 100, height: 50 });
});

describe('RegionEditor', () => {
  it('starts with the saved region, and saves the drawn one', async () => {
    expect(editor.changed).toBe(false);
    editor.role = 'exclude';
    editor.add(square(50));
    expect(editor.changed).toBe(true);
    expect(editor.selected).toEqual({ role: 'exclude', index: 0 });
    await editor.save('Ada');
    expect(set).toHaveBeenCalledWith({
      dataset: 1,
      textureClass: 'linen',
      author: 'Ada',
      region: { include: [square(5)], exclude: [square(50)], border: 2 },
    });
    expect(editor.changed).toBe(false);
    expect(editor.canUndo).toBe(false);
  });

  it('undoes and redoes; steps of one move are undone together', () => {
    editor.add(square(50));
    for (let step = 0; step < 5; step++) editor.moveBy({ x: 1, y: 0 });
    editor.resizeBy({ x: 3, y: 0 });
    expect(editor.shape).toEqual({ ...square(55), width: 13 });
    editor.undo();
    expect(editor.region.include[1]).toEqual(square(55));
    editor.undo();
    expect(editor.region.include[1]).toEqual(square(50));
    editor.undo();
    expect(editor.changed).toBe(false);
    expect(editor.draftOf('linen')).toBeUndefined();
    editor.redo();
    expect(editor.region.include.length).toBe(2);
  });

  it('removes a shape, and changes its role between included and excluded', () => {
    editor.step(1);
    editor.setRole('exclude');
    expect(editor.region).toEqual({ include: [], exclude: [square(5)], border: 2 });
    editor.remove();
    expect(editor.region.exclude).toEqual([]);
    expect(editor.selected).toBeUndefined();
  });

  it('saves no region if it is the whole image', async () => {
    editor.set({ include: [], exclude: [], border: 0 });
    await editor.save('Ada');
    expect(set.mock.lastCall?.[0].region).toBeNull();
    expect(editor.shown('linen')).toBeUndefined();
  });

  it("keeps a class's changes while another class is edited, or if they cannot be saved", async () => {
    editor.setBorder(7);
    editor.follow('felt', { width: 20, height: 20 });
    expect(editor.region.border).toBe(0);
    editor.follow('linen', { width: 100, height: 50 });
    expect(editor.region.border).toBe(7);
    set.mockRejectedValueOnce(new Error('locked'));
    await expect(editor.save('Ada')).rejects.toThrow('locked');
    expect(editor.region.border).toBe(7);
    editor.discard();
    expect(editor.region.border).toBe(2);
  });

  it('shows the draft only while it is open', () => {
    editor.setBorder(7);
    expect(editor.shown('linen')?.border).toBe(7);
    editor.close();
    expect(editor.shown('linen')?.border).toBe(2);
  });
});
