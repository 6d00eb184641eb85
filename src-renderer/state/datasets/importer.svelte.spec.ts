import { afterEach, expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import type { DatasetStore } from './dataset-store.svelte.ts';
import { Importer } from './importer.svelte.ts';

const upload = vi.hoisted(() => vi.fn<(drop: string, path: string) => Promise<string>>());
vi.mock('../../api/assets.ts', () => ({ upload }));
vi.mock('../../api/bridge.ts', () => ({ bridge: undefined }));

afterEach(() => upload.mockReset());

const preview = {
  name: 'dropped',
  layout: 'folder',
  root: '/d',
  classes: [],
  problems: [],
  taken: [],
  leftOut: [],
};

function importer() {
  const discarded: string[] = [];
  const datasets = {
    preview: async () => preview,
    discardUpload: async ({ drop }: { drop: string }) => void discarded.push(drop),
  };
  const made = new Importer({ datasets } as unknown as Client, {} as DatasetStore);
  const files = ['a.png', 'b.png'].map((name) => ({ file: { name } as File, path: name }));
  return { made, files, discarded };
}

it('deletes uploaded files when the preview is closed', async () => {
  const { made, files, discarded } = importer();
  upload.mockResolvedValue('/imports/d/dropped');
  await made.upload(files);
  expect([made.at.stage, discarded]).toEqual(['preview', []]);
  made.close();
  expect(discarded).toEqual([upload.mock.calls[0][0]]);
  made.close();
  expect(discarded).toHaveLength(1);
});

it('deletes files whose upload finished after the cancel', async () => {
  const { made, files, discarded } = importer();
  const arrivals: (() => void)[] = [];
  upload.mockImplementation(
    () => new Promise((resolve) => arrivals.push(() => resolve('/imports/d/dropped'))),
  );
  const received = made.upload(files);
  await vi.waitFor(() => expect(arrivals).toHaveLength(2));
  made.close();
  expect(discarded).toHaveLength(1);
  for (const arrive of arrivals) arrive();
  await received;
  expect(discarded).toHaveLength(2);
  expect(made.at.stage).toBe('source');
});

it('deletes uploaded files when one upload fails', async () => {
  const { made, files, discarded } = importer();
  upload.mockResolvedValueOnce('/imports/d/dropped').mockRejectedValueOnce(new Error('full'));
  await made.upload(files);
  expect(discarded).toHaveLength(1);
  expect(made.failure).toBeDefined();
});
