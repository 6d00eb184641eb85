import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Revision } from '../../src-main/common/api/annotation.ts';
import { PerchError } from '../../src-main/common/api/errors.ts';
import { anImage } from '../state/test/images.ts';
import { AnnotationStore } from './annotation-store.svelte.ts';
import type { Draft } from './drafts.ts';
import type { AnnotationDeps } from './mask-document.svelte.ts';

const saveMask = vi.hoisted(() => vi.fn());
vi.mock('../api/assets.ts', () => ({
  saveMask,
  maskUrl: (mask: string) => mask,
  imageUrl: (id: number) => `image ${id}`,
}));

const size = { width: 8, height: 8 };
const linen = anImage({ id: 1, name: 'linen.png', ...size });
const felt = anImage({ id: 2, name: 'felt.png', ...size });
const revisionOf = (revision: number) =>
  ({ revision, groundTruth: 'masked', mask: `mask ${revision}`, source: 'drawn' }) as Revision;
const runsOf = (...edges: number[]) => Float64Array.from(edges);

const draftOf = (image: typeof linen): Draft => ({
  dataset: 1,
  image,
  base: 0,
  runs: runsOf(3, 5),
  empty: 'normal',
});

describe('AnnotationStore', () => {
  let stored: Revision[];
  let author: string;
  let drafts: Draft[];
  const request = vi.fn();
  const deleteDraft = vi.fn(async () => {});
  let annotation: AnnotationStore;

  const draw = (at: number) => annotation.current?.editor.write(runsOf(at, at + 1), true, { title: 'Brush' });

  beforeEach(() => {
    stored = [];
    drafts = [];
    author = 'A. Weber';
    saveMask.mockReset();
    deleteDraft.mockClear();
    request.mockReset();
    request.mockImplementation(async (kind: string) =>
      kind === 'open' ? new Float64Array() : new Uint8Array(1),
    );
    saveMask.mockImplementation(async (_image, _png, _author, base: number) => {
      stored = [revisionOf(base + 1), ...stored];
      return stored[0];
    });
    annotation = new AnnotationStore({
      client: { annotation: { revisions: async () => ({ revisions: [...stored] }) } },
      worker: { request },
      author: () => author,
      dataset: () => 1,
      drafts: { schedule: () => {}, delete: deleteDraft, claim: async () => drafts },
    } as unknown as AnnotationDeps);
  });

  it('saves a mask when another image is opened', async () => {
    await annotation.open(linen);
    draw(3);
    expect(annotation.pending).toBe(true);
    await annotation.open(felt);
    await vi.waitFor(() => expect(annotation.pending).toBe(false));
    expect(saveMask.mock.calls.map(([image, , by, base]) => [image, by, base])).toEqual([[1, 'A. Weber', 0]]);
    expect(annotation.current?.image.id).toBe(2);
  });

  it('reopens a mask with its undo history', async () => {
    await annotation.open(linen);
    draw(3);
    expect(await annotation.leave()).toBe(true);
    await annotation.open(linen);
    expect(annotation.current?.editor.count).toBe(1);
    annotation.undo();
    expect(annotation.current?.editor.count).toBe(0);
  });

  it('opens the stored mask instead if it was changed elsewhere', async () => {
    await annotation.open(linen);
    draw(3);
    await annotation.leave();
    stored = [revisionOf(5), ...stored];
    await annotation.open(linen);
    expect(annotation.current?.editor.undoTitle).toBeUndefined();
    expect(annotation.current?.latest?.revision).toBe(5);
  });

  it('keeps unsaved changes without an author, until they are saved', async () => {
    author = '';
    await annotation.open(linen);
    draw(3);
    expect(await annotation.leave()).toBe(false);
    expect(annotation.unsaved.map(({ image }) => image.id)).toEqual([1]);
    author = 'B. Meyer';
    await annotation.saveAll();
    expect(annotation.unsaved).toEqual([]);
    expect(saveMask.mock.calls[0][2]).toBe('B. Meyer');
  });

  it('reports a conflict, and saves over it on request', async () => {
    await annotation.open(linen);
    draw(3);
    saveMask.mockRejectedValueOnce(new PerchError('CONFLICT', 'Changed elsewhere.'));
    await annotation.saveAll();
    expect(annotation.current?.autosave.state.kind).toBe('conflict');
    stored = [revisionOf(4)];
    await annotation.current?.overwrite();
    expect(annotation.current?.autosave.state.kind).toBe('saved');
    expect(saveMask.mock.lastCall?.[3]).toBe(4);
  });

  it('discards unsaved changes and their drafts', async () => {
    author = '';
    await annotation.open(linen);
    draw(3);
    await annotation.discard();
    expect(annotation.pending).toBe(false);
    expect(deleteDraft.mock.calls).toEqual([[1]]);
    expect(saveMask).not.toHaveBeenCalled();
  });

  it('restores and saves drafts, and drops those of missing images', async () => {
    drafts = [draftOf(linen), draftOf(felt)];
    const recovered = await annotation.recoverDrafts(async ({ image }) =>
      image.id === 1 ? linen : undefined,
    );
    expect(recovered).toEqual({ restored: ['linen.png'], gone: ['felt.png'] });
    expect(saveMask.mock.calls.map(([image]) => image as number)).toEqual([1]);
  });

  it('opens an image with its draft while the draft cannot be saved', async () => {
    author = '';
    drafts = [draftOf(linen)];
    await annotation.recoverDrafts(async () => linen);
    await annotation.open(linen);
    expect(annotation.current?.editor.count).toBe(2);
    expect(annotation.current?.autosave.state.kind).toBe('no-author');
  });

  it('writes the pixels that a tool returns, and says if there are none', async () => {
    await annotation.open(linen);
    request.mockResolvedValueOnce(runsOf(0, 4));
    await annotation.grow();
    expect(annotation.current?.editor.count).toBe(4);
    request.mockResolvedValueOnce(runsOf());
    await annotation.fillHoles();
    expect(annotation.message).not.toBe('');
    expect(annotation.busyLabel).toBeUndefined();
  });

  it('ignores the pixels of a tool if another image was opened meanwhile', async () => {
    await annotation.open(linen);
    const pixels = Promise.withResolvers<Float64Array>();
    request.mockImplementationOnce(() => pixels.promise);
    const grown = annotation.grow();
    await annotation.open(felt);
    pixels.resolve(runsOf(0, 4));
    await grown;
    expect(annotation.current?.editor.count).toBe(0);
  });
});
