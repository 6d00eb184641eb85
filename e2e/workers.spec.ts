import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
  let worker: ChildProcess | undefined;
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
    worker?.kill();
    if (worker && worker.exitCode === null) await once(worker, 'exit');
    await postgres.stop();
  });

  const workers = () => page.getByRole('region', { name: 'Workers' });
  const rowText = async () => (await runs.row(0).innerText()).replaceAll(/\s+/g, ' ');

  it('sets the queue with its password, starts the run, and shows who works on it', async () => {
    await page.keyboard.press('9');
    const field = workers().getByRole('textbox', { name: 'Queue' });
    await tabTo(field);
    await page.keyboard.type(url);
    await page.keyboard.press('Tab');
    await workers().getByRole('alert').waitFor();
    expect(await workers().getByRole('alert').innerText()).toMatch(/contains a password/);

    const open = new URL(url);
    open.password = '';
    await tabTo(field);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(open.href);
    await tabTo(workers().getByLabel('Password'));
    await page.keyboard.type('secret word');
    await page.keyboard.press('Enter');
    await workers().getByRole('button', { name: 'Remove' }).waitFor();
    expect(await workers().getByLabel('Password').inputValue()).toBe('');
    await press(workers().getByRole('button', { name: 'Check connection' }));
    await workers().getByText('PostgreSQL 18', { exact: false }).waitFor();
    expect(await workers().innerText()).toContain('no workers');
    expect(await seriousViolations(page)).toEqual([]);
    await workers().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(SHOTS, 'settings-workers.png') });
    const settings = queryStore(app.host.home, 'SELECT group_concat(value) FROM settings');
    expect(settings).toContain(open.href);
    expect(settings).not.toContain('secret');
    expect(await page.content()).not.toContain('secret word');

    await page.keyboard.press('4');
    await runs.start.waitFor();
    await runs.chooseDataset('cloth');
    await runs.tickPreset('default');
    await tabTo(page.getByRole('radio', { name: 'On this machine' }));
    await page.keyboard.press('ArrowDown');
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(rowText, TIMEOUT).toContain('No worker is connected to the queue.');
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'runs-without-worker.png') });

    worker = spawn(
      process.execPath,
      [join(import.meta.dirname, '../src-main/hosts/cli/start.js'), 'worker', '--name', 'mill 2'],
      { env: { ...process.env, PERCH_HOME: join(app.folder, 'worker'), PERCH_QUEUE: url }, stdio: 'inherit' },
    );
    await expect.poll(rowText, TIMEOUT).toMatch(/4 \/ 4 Done · by mill 2 \(4\)/);
    expect(await runs.row(0).getByText('No worker').count()).toBe(0);
    await page.screenshot({ path: join(SHOTS, 'runs-on-workers.png') });
    expect(queryStore(app.host.home, 'SELECT group_concat(DISTINCT worker) FROM results')).toBe('mill 2');
  });
});
