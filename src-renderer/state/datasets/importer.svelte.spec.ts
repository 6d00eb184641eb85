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
  roles: [],
  skipped: [],
};

function createImporter() {
  const discarded: string[] = [];
  const datasets = {
    preview: async () => preview,
    discardUpload: async ({ drop }: { drop: string }) => void discarded.push(drop),
  };
  const importer = new Importer({ datasets } as unknown as Client, {} as DatasetStore);
  const files = ['a.png', 'b.png'].map((name) => ({ file: { name } as File, path: name }));
  return { importer, files, discarded };
}

it('deletes uploaded files when the preview is closed', async () => {
  const { importer, files, discarded } = createImporter();
  upload.mockResolvedValue('/imports/d/dropped');
  await importer.upload(files);
  expect([importer.step.kind, discarded]).toEqual(['preview', []]);
  importer.close();
  expect(discarded).toEqual([upload.mock.calls[0][0]]);
  importer.close();
  expect(discarded).toHaveLength(1);
});

it('deletes files whose upload finished after the cancel', async () => {
  const { importer, files, discarded } = createImporter();
  const arrivals: (() => void)[] = [];
  upload.mockImplementation(
    () => new Promise((resolve) => arrivals.push(() => resolve('/imports/d/dropped'))),
  );
  const received = importer.upload(files);
  await vi.waitFor(() => expect(arrivals).toHaveLength(2));
  importer.close();
  expect(discarded).toHaveLength(1);
  for (const arrive of arrivals) arrive();
  await received;
  expect(discarded).toHaveLength(2);
  expect(importer.step.kind).toBe('source');
});

it('deletes uploaded files when one upload fails', async () => {
  const { importer, files, discarded } = createImporter();
  upload.mockResolvedValueOnce('/imports/d/dropped').mockRejectedValueOnce(new Error('full'));
  await importer.upload(files);
  expect(discarded).toHaveLength(1);
  expect(importer.failure).toBeDefined();
});
