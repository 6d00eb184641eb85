import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../src-main/platform/version.ts';
import { Queue } from '../src-main/services/queue/queue.ts';
import { announceWorker, listRequirements, removeWorker } from '../src-main/services/queue/registry.ts';
import { TestPostgres } from '../src-main/services/queue/test/postgres.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { queryStore } from './fixtures/query-store.ts';
import { RunsPage } from './pages/runs.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const images = Array.from({ length: 4 }, (_, at) => ({
  textureClass: 'linen',
  defectType: 'hole',
  name: String(at),
  blemishes: [{ x: 30 + 8 * at, y: 60, radius: 8 }],
}));

describe('a run on workers by keyboard', () => {
  let postgres: TestPostgres;
  let url: string;
  const workers: ChildProcess[] = [];
  const app = useApp({
    images,
    prepare: async () => {
      postgres = await TestPostgres.start();
      url = await postgres.createDatabase('perch');
    },
  });
  let page: Page;
  let runs: RunsPage;

  beforeEach(async () => {
    page = await app.open('');
    runs = new RunsPage(page);
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  });
  afterAll(async () => {
    for (const worker of workers) {
      worker.kill();
      if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
    }
    await postgres.stop();
  });

  const settings = () => page.getByRole('region', { name: 'Workers' });
  const rowText = async (at = 0) => (await runs.row(at).innerText()).replaceAll(/\s+/g, ' ');
  const obstacle = () => rowText(1);

  it('sets the queue with its password, starts the run, and shows who works on it', async () => {
    await page.keyboard.press('9');
    const field = settings().getByRole('textbox', { name: 'Queue' });
    await tabTo(field);
    await page.keyboard.type(url);
    await page.keyboard.press('Tab');
    await settings().getByRole('alert').waitFor();
    expect(await settings().getByRole('alert').innerText()).toMatch(/contains a password/);

    const open = new URL(url);
    open.password = '';
    await tabTo(field);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(open.href);
    await tabTo(settings().getByLabel('Password'));
    await page.keyboard.type('secret word');
    await page.keyboard.press('Enter');
    await settings().getByRole('button', { name: 'Remove' }).waitFor();
    expect(await settings().getByLabel('Password').inputValue()).toBe('');
    await press(settings().getByRole('button', { name: 'Check connection' }));
    await settings().getByText('PostgreSQL 18', { exact: false }).waitFor();
    expect(await settings().innerText()).toContain('no workers');
    expect(await seriousViolations(page)).toEqual([]);
    await settings().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(SHOTS, 'settings-workers.png') });
    const stored = queryStore(app.host.home, 'SELECT group_concat(value) FROM settings');
    expect(stored).toContain(open.href);
    expect(stored).not.toContain('secret');
    expect(await page.content()).not.toContain('secret word');

    await page.keyboard.press('4');
    await runs.start.waitFor();
    await runs.chooseDataset('cloth');
    await runs.tickPreset('default');
    await tabTo(page.getByRole('radio', { name: 'On this machine' }));
    await page.keyboard.press('ArrowDown');
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(obstacle, TIMEOUT).toContain('No worker is connected to the queue.');
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'runs-without-worker.png') });

    // A machine with an older version.
    const queue = await Queue.open(url);
    const [needed] = (await listRequirements(queue)).keys();
    const old = { id: randomUUID(), name: 'mill 1', version: '0.0.9' };
    const reason = `The tasks need Perch ${version}, and this is 0.0.9.`;
    await announceWorker(queue, { ...old, refusals: { [needed]: reason } });
    await expect.poll(obstacle, TIMEOUT).toContain(`No worker takes these tasks. mill 1: ${reason}`);
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'runs-refused.png') });
    await removeWorker(queue, old.id);
    await queue.close();

    for (const name of ['mill 2', 'mill 3']) {
      const env = { ...process.env, PERCH_HOME: join(app.folder, name), PERCH_QUEUE: url };
      const entry = join(import.meta.dirname, '../src-main/hosts/cli/start.js');
      workers.push(spawn(process.execPath, [entry, 'worker', '--name', name], { env, stdio: 'inherit' }));
    }
    await expect.poll(rowText, TIMEOUT).toMatch(/4 \/ 4 Done · by (mill \d \(\d\)(, )?)+/);
    expect(await runs.rows.getByText('No worker').count()).toBe(0);
    await page.screenshot({ path: join(SHOTS, 'runs-on-workers.png') });
    expect(queryStore(app.host.home, "SELECT count(*) FROM results WHERE worker LIKE 'mill _'")).toBe(4);
  });
});
