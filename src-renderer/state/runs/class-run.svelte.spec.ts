import { beforeEach, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import { Notices } from '../notices.svelte.ts';
import { anImage } from '../test/images.ts';
import { ClassRun, type ClassRunDeps } from './class-run.svelte.ts';

const start = vi.fn();
const prioritize = vi.fn();
let notices: Notices;
let classRun: ClassRun;

beforeEach(() => {
  start.mockReset();
  prioritize.mockReset();
  notices = new Notices();
  const image = anImage({ id: 3, textureClass: 'linen' });
  classRun = new ClassRun({
    datasets: { selectedId: 1 },
    methods: { selectedId: 7 },
    notices,
    runs: { start, prioritize },
    selection: { image, neighbors: () => [image, anImage({ id: 4 })] },
    settings: { values: { provider: 'cpu' } },
  } as unknown as ClassRunDeps);
});

it('runs the selected method on the class of the open image, that image first', async () => {
  const started = classRun.start();
  expect(classRun.starting).toBe(true);
  await classRun.start();
  await started;
  const scope = { dataset: 1, classes: ['linen'], methods: [7], provider: 'cpu', first: true };
  expect(start.mock.calls).toEqual([[scope]]);
  expect(prioritize.mock.calls).toEqual([[[3]]]);
  expect(classRun.starting).toBe(false);
});

it('prioritizes the open image and its neighbors if the class is already queued', async () => {
  start.mockRejectedValue(new PerchError('CONFLICT', 'Queued already.'));
  await classRun.start();
  expect(prioritize.mock.calls).toEqual([[[3, 4]]]);
  expect(notices.all).toEqual([]);
});

it('shows a notice if the run is refused', async () => {
  start.mockRejectedValue(new Error('disk'));
  await classRun.start();
  expect(notices.all[0].title).toContain('linen');
});
