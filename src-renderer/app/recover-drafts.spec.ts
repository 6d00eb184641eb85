import { expect, it } from 'vitest';
import type { Draft } from '../annotation/drafts.ts';
import { Notices } from '../state/notices.svelte.ts';
import { aDataset, fakeClient } from '../state/test/client.ts';
import { anImage } from '../state/test/images.ts';
import { recoverDrafts } from './recover-drafts.ts';
import type { Stores } from './stores.ts';

const image = anImage({ id: 5 });
const draftOf = (part: Partial<Draft['image']>, dataset = 1) =>
  ({ dataset, image: { ...image, ...part } }) as unknown as Draft;

async function recover(drafts: Draft[]) {
  const notices = new Notices();
  const client = fakeClient({ datasets: [aDataset({ id: 1 })], images: { 1: [image] } });
  const annotation = {
    recoverDrafts: async (find: (draft: Draft) => Promise<unknown>) => {
      const found = await Promise.all(drafts.map(find));
      const namesOf = (known: boolean) =>
        drafts.filter((_, at) => (found[at] !== undefined) === known).map((draft) => draft.image.name);
      return { restored: namesOf(true), gone: namesOf(false) };
    },
  };
  await recoverDrafts({ annotation, connection: { client }, notices } as unknown as Stores);
  return notices.all.map(({ kind, lines }) => [kind, lines.length]);
}

it('restores the draft of an image that is unchanged', async () => {
  expect(await recover([draftOf({})])).toEqual([['info', 1]]);
});

it('drops drafts of images that were replaced or removed', async () => {
  expect(await recover([draftOf({ width: 1 }), draftOf({ name: 'other.png' }), draftOf({}, 2)])).toEqual([
    ['error', 3],
  ]);
});

it('shows nothing if there are no drafts', async () => {
  expect(await recover([])).toEqual([]);
});
