import { afterEach, expect, it, vi } from 'vitest';
import { ExportJob } from './export-job.svelte.ts';

const downloadFile = vi.hoisted(() => vi.fn());
vi.mock('../api/download.ts', () => ({ downloadFile }));
afterEach(() => downloadFile.mockReset());

const file = { name: 'a.csv', mediaType: 'text/csv', content: '1' };

it('downloads one file at a time', async () => {
  const job = new ExportJob();
  const created = Promise.withResolvers<typeof file>();
  const first = job.run('CSV', () => created.promise);
  expect(job.title).toBe('CSV');
  await job.run('JSON', async () => file);
  expect(downloadFile).not.toHaveBeenCalled();
  created.resolve(file);
  await first;
  expect(downloadFile.mock.calls).toEqual([[file]]);
  expect([job.title, job.failure]).toEqual([undefined, '']);
});

it('downloads nothing after a cancel', async () => {
  const job = new ExportJob();
  const created = Promise.withResolvers<typeof file>();
  const run = job.run('CSV', async (signal) => {
    signal.addEventListener('abort', () => created.reject(new Error('aborted')));
    return await created.promise;
  });
  job.cancel();
  await run;
  expect(downloadFile).not.toHaveBeenCalled();
  expect(job.failure).toBe('');
});

it('reports why an export failed, and clears the reason with the next one', async () => {
  const job = new ExportJob();
  await job.run('CSV', () => Promise.reject(new Error('disk')));
  expect(job.failure).toContain('disk');
  await job.run('CSV', async () => file);
  expect(job.failure).toBe('');
});
