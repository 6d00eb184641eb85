import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChaos } from './test/chaos.ts';

const TASKS = 300;
/** A killed worker's tasks are delivered again after its heartbeat has expired. */
const TIMEOUT_MS = 300_000;

it(
  'gives each result once while workers, host and database are killed',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perch-chaos-'));
    const { kills, byWorker, ...outcome } = await runChaos({
      folder,
      tasks: TASKS,
      workers: 2,
      kills: ['worker', 'server', 'host', 'worker', 'host', 'server'],
    });
    expect(outcome).toMatchObject({
      state: 'done',
      done: TASKS,
      failed: 0,
      results: TASKS,
      wrong: 0,
      integrity: 'ok',
    });
    expect(kills).toEqual({ worker: 2, host: 2, server: 2 });
    for (const name of Object.keys(byWorker)) expect(name).toMatch(/^worker [01]$/);
  },
  TIMEOUT_MS,
);
