import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageVerdict, Session } from '../../../src-main/common/api/sessions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { ImageSelection } from '../images/image-selection.svelte.ts';
import { Router } from '../navigation/router.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import type { SettingsStore } from '../settings/settings-store.svelte.ts';
import { aDataset, fakeClient } from '../test/client.ts';
import { anImage } from '../test/images.ts';
import { ReviewStore } from './review-store.svelte.ts';
import { VerdictStore } from './verdict-store.svelte.ts';

const none = () => undefined;
const sessionOf = (id: number, part: Partial<Session> = {}): Session => ({
  id,
  name: `Review ${id}`,
  operator: 'Ada',
  dataset: 1,
  method: null,
  filter: '',
  blind: false,
  heatmapHidden: false,
  group: null,
  adjudicates: null,
  createdAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  total: 3,
  reviewed: 0,
  ...part,
});
const verdictOf = (image: number, part: Partial<ImageVerdict> = {}): ImageVerdict => ({
  image,
  verdict: 'accept',
  defectType: '',
  note: '',
  at: '2026-01-01T00:00:00Z',
  ...part,
});

describe('ReviewStore', () => {
  let reviewed: ImageVerdict[];
  let settings: { autoAdvance: boolean };
  let blinding: Pick<Session, 'blind' | 'heatmapHidden'>;
  let notices: Notices;
  let selection: ImageSelection;
  let router: Router;
  let verdicts: VerdictStore;
  let reviews: ReviewStore;
  const setVerdict = vi.fn();
  const list = vi.fn();
  const get = vi.fn();
  const createGroup = vi.fn(async () => ({ sessions: [sessionOf(9), sessionOf(10)] }));

  beforeEach(async () => {
    reviewed = [verdictOf(11)];
    settings = { autoAdvance: true };
    blinding = { blind: false, heatmapHidden: false };
    notices = new Notices();
    setVerdict.mockReset();
    setVerdict.mockImplementation(async ({ image, verdict }: ImageVerdict) => ({
      session: sessionOf(7, blinding),
      imageVerdict: verdictOf(image, { verdict }),
    }));
    list.mockReset();
    list.mockResolvedValue({ sessions: [sessionOf(6), sessionOf(7)] });
    get.mockReset();
    get.mockImplementation(async ({ session }: { session: number }) => ({
      session: sessionOf(session, blinding),
      images: [11, 12, 13],
      verdicts: reviewed,
      pairs: [],
    }));
    const client = {
      ...fakeClient({
        datasets: [aDataset({ id: 1 })],
        images: { 1: [11, 12, 13, 14].map((id) => anImage({ id, defectType: id === 13 ? 'hole' : 'good' })) },
      }),
      sessions: {
        setVerdict,
        list,
        get,
        verdicts: async () => ({ verdicts: [] }),
        create: async () => sessionOf(8),
        createGroup,
        adjudicate: async () => sessionOf(11),
        remove: async () => ({}),
      },
    } as unknown as Client;
    const datasets = new DatasetStore(client, notices);
    selection = new ImageSelection(datasets, {
      score: none,
      verdict: none,
      disagreement: none,
      decision: none,
      distance: none,
    });
    router = new Router(datasets, selection, { selectedId: undefined, stored: [] } as never);
    verdicts = new VerdictStore(client, notices);
    reviews = new ReviewStore(client, {
      datasets,
      selection,
      verdicts,
      router,
      notices,
      settings: { values: settings } as unknown as SettingsStore,
    });
    await datasets.watch();
    await reviews.open(1);
  });

  it('opens a session at its first image without a verdict', async () => {
    await reviews.resume(7);
    expect(selection.image?.id).toBe(12);
    expect(selection.images.map(({ id }) => id)).toEqual([11, 12, 13]);
    expect(router.session).toBe(7);
  });

  it('opens the session of an address at its image, if that has no verdict', async () => {
    selection.requestedId = 13;
    await reviews.openRequested(7);
    expect(selection.image?.id).toBe(13);
    await reviews.openRequested(undefined);
    expect([reviews.current, selection.reviewImages]).toEqual([undefined, undefined]);
  });

  it('shows a verdict everywhere, and advances to the next image', async () => {
    await reviews.resume(7);
    await reviews.setVerdict('reject');
    expect(reviews.verdictOf(12)?.verdict).toBe('reject');
    expect(verdicts.byImage.get(12)?.operator).toBe('Ada');
    expect(selection.image?.id).toBe(13);
  });

  it('stays at the image after a verdict, if set so', async () => {
    settings.autoAdvance = false;
    await reviews.resume(7);
    await reviews.setVerdict('reject');
    expect(selection.image?.id).toBe(12);
  });

  it('shows the summary after the last verdict', async () => {
    reviewed = [verdictOf(11), verdictOf(12)];
    await reviews.resume(7);
    await reviews.setVerdict('reject');
    expect(reviews.dialog).toEqual({ kind: 'summary', session: 7 });
  });

  it('shows the summary once if the last verdicts are given faster than they are saved', async () => {
    await reviews.resume(7);
    const openDialog = vi.spyOn(reviews, 'openDialog');
    await Promise.all([reviews.setVerdict('accept'), reviews.setVerdict('reject')]);
    expect(openDialog.mock.calls).toEqual([[{ kind: 'summary', session: 7 }]]);
  });

  it('returns to the image if its verdict cannot be saved', async () => {
    await reviews.resume(7);
    setVerdict.mockRejectedValueOnce(new Error('disk'));
    await reviews.setVerdict('reject');
    expect(selection.image?.id).toBe(12);
    expect(reviews.verdictOf(12)).toBeUndefined();
    expect(notices.all[0].lines[0].reason).toContain('disk');
  });

  it('hides images without a verdict in a blind session only', async () => {
    expect(reviews.isHidden(12)).toBe(false);
    await reviews.resume(7);
    expect(reviews.isHidden(12)).toBe(false);
    expect(reviews.hidesScreens).toBe(false);
    reviews.close();

    blinding = { blind: true, heatmapHidden: true };
    await reviews.resume(7);
    expect([11, 12, 14].map((image) => reviews.isHidden(image))).toEqual([false, true, false]);
    expect(reviews.blinding).toMatchObject({ heatmaps: true });
    expect([11, 12, 13].map((image) => reviews.blinding?.nameOf(image))).toEqual([
      undefined,
      'Image 2',
      'Image 3',
    ]);
    expect(reviews.hidesScreens).toBe(true);
    expect(['station', 'recipe', 'inspect'].map((path) => reviews.hidesScreen(path))).toEqual([
      true,
      true,
      false,
    ]);
    await reviews.setVerdict('reject');
    await reviews.setVerdict('reject');
    expect(reviews.isHidden(12)).toBe(false);
    expect(reviews.hidesScreens).toBe(false);
    expect(reviews.hidesScreen('station')).toBe(false);
  });

  it("hides every image until the address's session has loaded", async () => {
    router.session = 7;
    expect([11, 14].map((image) => reviews.isHidden(image))).toEqual([true, true]);
    expect(reviews.hidesScreens).toBe(true);
    await reviews.openRequested(7);
    expect([12, 14].map((image) => reviews.isHidden(image))).toEqual([false, false]);
  });

  it("opens the session of a group's first operator", async () => {
    await reviews.start({ method: null, images: [11, 12] }, ['Ada', 'Bo'], 0.5);
    expect(createGroup).toHaveBeenCalledWith({
      dataset: 1,
      method: null,
      images: [11, 12],
      operators: ['Ada', 'Bo'],
      overlap: 0.5,
    });
    expect(reviews.current?.session.id).toBe(9);
    expect(reviews.sessions.slice(0, 2).map(({ id }) => id)).toEqual([10, 9]);
  });

  it('opens a new adjudication', async () => {
    await reviews.adjudicate({ first: 6, second: 7, operator: 'Cy' });
    expect(reviews.current?.session.id).toBe(11);
  });

  it('accepts no verdict on other images, or without a session', async () => {
    await reviews.setVerdict('accept');
    expect(reviews.dialog).toEqual({ kind: 'start' });
    await reviews.resume(7);
    await reviews.annotate(14, { note: 'seam' });
    expect(setVerdict).not.toHaveBeenCalled();
    expect(notices.all).toHaveLength(1);
  });

  it('closes a session that was removed elsewhere', async () => {
    await reviews.resume(7);
    list.mockResolvedValueOnce({ sessions: [sessionOf(6)] });
    await reviews.open(1);
    expect(reviews.current).toBeUndefined();
    expect(reviews.sessions.map(({ id }) => id)).toEqual([6]);
  });

  it('clears the session of an address that cannot be opened', async () => {
    router.session = 99;
    get.mockRejectedValueOnce(new Error('no such session'));
    await reviews.openRequested(99);
    expect(router.session).toBeUndefined();
    expect(notices.all).toHaveLength(1);
  });

  it('lists the defect types of folders and verdicts, sorted', () => {
    verdicts.upsert({ ...verdictOf(12, { defectType: 'cut' }), session: 7, sessionName: '', operator: '' });
    expect(reviews.defectTypes).toEqual(['cut', 'hole']);
  });
});
