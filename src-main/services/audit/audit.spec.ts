import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { openAudit } from './audit.ts';

const { signal } = new AbortController();
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let audit: ReturnType<typeof openAudit>;
beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  audit = openAudit(store);
});
afterEach(() => temporary.dispose());

const list = async (filter: object = {}) => await audit.list({ limit: 100, ...filter }, signal);

describe('the list', () => {
  beforeEach(() => {
    store.settings.set({ operator: 'Ada' });
    store.settings.set({ theme: 'light' });
    store.settings.set({ operator: 'Grace' });
    store.settings.set({ theme: 'dark' });
  });

  it('is newest first, by pages', async () => {
    const { entries, total } = await list({ limit: 3 });
    expect(total).toBe(4);
    expect(entries.map(({ id }) => id)).toEqual([4, 3, 2]);
    expect((await list({ before: 2 })).entries.map(({ id }) => id)).toEqual([1]);
  });

  it('is filtered by subject, person and time', async () => {
    const ids = async (filter: object) => (await list(filter)).entries.map(({ id }) => id);
    expect(await ids({ subject: { type: 'setting', id: 'theme' } })).toEqual([4, 2]);
    expect(await ids({ subject: { type: 'recipe' } })).toEqual([]);
    expect(await ids({ actor: 'Grace' })).toEqual([4]);
    expect(await ids({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect((await list({ actor: 'Grace' })).total).toBe(1);
    expect((await audit.actors(undefined, signal)).actors).toEqual(expect.arrayContaining(['Ada', 'Grace']));
  });

  it('is exported oldest first, as JSON with the id of the store, or as CSV', async () => {
    const { content } = await audit.export({ format: 'json' }, signal);
    const { store: id, entries } = JSON.parse(content) as { store: string; entries: { id: number }[] };
    expect(id).toBe(store.id);
    expect(entries.map((entry) => entry.id)).toEqual([1, 2, 3, 4]);
    const lines = (await audit.export({ format: 'csv', actor: 'Grace' }, signal)).content.split('\r\n');
    expect(lines[0]).toBe('id,at,actor,subjectType,subjectId,subjectName,action,before,after');
    expect(lines[1]).toMatch(
      /^4,.*,Grace,setting,theme,theme,changed,"\{""value"":""light""\}","\{""value"":""dark""\}"$/,
    );
    expect(lines).toHaveLength(3);
  });
});

it('hides what a blind review hides, until it is finished', async () => {
  const { dataset, images } = addImages(store, [{}, {}]);
  const session = { dataset, name: '', method: null, filter: '' };
  const other = store.sessions.add({ ...session, operator: 'Bo', images });
  for (const image of images)
    store.verdicts.add(other.id, { image, verdict: 'reject', defectType: 'hole', note: '' });
  const blind = store.sessions.add({ ...session, operator: 'Ada', images: [images[0]], blind: true });
  const verdicts = async () => (await list({ subject: { type: 'verdict' } })).entries;
  expect(await verdicts()).toMatchObject([
    { subject: { name: 'test/hole/1.png of cloth' }, after: { verdict: 'reject' } },
    { subject: { name: 'Image of a blind review' }, before: null, after: null },
  ]);
  const { content } = await audit.export({ format: 'csv' }, signal);
  expect(content).not.toContain('test/hole/0.png');
  store.sessions.finish(blind.id);
  expect((await verdicts())[1]).toMatchObject({ subject: { name: 'test/hole/0.png of cloth' } });
});
