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

function createImporter(part: object = {}) {
  const discarded: string[] = [];
  const datasets = {
    preview: async () => ({ ...preview, ...part }),
    discardUpload: async ({ upload }: { upload: string }) => void discarded.push(upload),
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

it('removes quotes and spaces around a typed path', async () => {
  const scan = vi.fn(async () => preview);
  const importer = new Importer({ datasets: { preview: scan } } as unknown as Client, {} as DatasetStore);
  await importer.scan([` "/my textures" `]);
  expect(scan.mock.calls).toMatchObject([[{ paths: ['/my textures'], layout: 'auto' }, {}]]);
});

it('returns to the first step if the scan fails', async () => {
  const scan = () => Promise.reject(new Error('no such folder'));
  const importer = new Importer({ datasets: { preview: scan } } as unknown as Client, {} as DatasetStore);
  await importer.scan(['/gone']);
  expect(importer.step.kind).toBe('source');
  expect(importer.failure?.message).toContain('no such folder');
});

it('imports under the edited name, selects the dataset, and shows its warnings', async () => {
  const add = vi.fn();
  async function* events() {
    yield { type: 'progress', done: 1, total: 2 };
    yield { type: 'imported', dataset: { id: 9 }, problems: [{ subject: 'a.png', reason: 'broken' }] };
  }
  const run = vi.fn(async () => events());
  const client = {
    datasets: { preview: async () => preview, import: run },
  } as unknown as Client;
  const importer = new Importer(client, { add } as unknown as DatasetStore);
  importer.show();
  await importer.scan(['/d']);
  if (importer.step.kind === 'preview') importer.step = { ...importer.step, name: ' Linen ' };
  await importer.import();
  expect(run.mock.calls).toMatchObject([[{ paths: ['/d'], name: 'Linen' }, {}]]);
  expect(add.mock.calls).toEqual([[{ id: 9 }]]);
  expect([importer.step.kind, importer.isOpen]).toEqual(['imported', true]);
});

it('returns to the preview if the import fails or is canceled', async () => {
  const run = vi.fn<(source: object, options: { signal: AbortSignal }) => Promise<never>>();
  const client = {
    datasets: { preview: async () => preview, import: run },
  } as unknown as Client;
  const importer = new Importer(client, {} as DatasetStore);
  await importer.scan(['/d']);
  run.mockRejectedValueOnce(new Error('disk'));
  await importer.import();
  expect([importer.step.kind, importer.failure?.message]).toEqual([
    'preview',
    expect.stringContaining('disk'),
  ]);
  run.mockImplementationOnce(
    (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  const importing = importer.import();
  expect(importer.step.kind).toBe('importing');
  importer.back();
  await importing;
  expect([importer.step.kind, importer.failure]).toEqual(['preview', undefined]);
});

it('leaves the previewed roll and its uploaded files to the import of rolls', async () => {
  const { importer, files, discarded } = createImporter({
    roll: { path: '/imports/d/dropped/4711', frames: 2 },
  });
  upload.mockResolvedValue('/imports/d/dropped');
  await importer.upload(files);
  expect(importer.handOver()).toEqual({
    path: '/imports/d/dropped/4711',
    upload: upload.mock.calls[0][0],
  });
  expect([importer.isOpen, importer.step.kind, discarded]).toEqual([false, 'source', []]);
  expect(importer.handOver()).toBeUndefined();
});
