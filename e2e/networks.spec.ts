import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mapNetwork } from '../src-main/models/onnx/test/map-networks.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { press } from './harness/keyboard.ts';
import { useApp } from './harness/use-app.ts';
import { ComparePage } from './pages/compare.ts';
import { RunsPage } from './pages/runs.ts';
import { SettingsPage } from './pages/settings.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 8 }] },
];

const app = useApp({ images: IMAGES });

it('imports a network by keyboard, runs it, and compares it with the default method', async () => {
  const from = join(app.folder, 'dots.onnx');
  await writeFile(from, mapNetwork({ anomalib: true }));
  const page = await app.open('');
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.keyboard.press('9');
  const settings = new SettingsPage(page);
  await settings.operator.waitFor();
  await settings.add({ name: 'dots', from, computes: 'Anomaly map', fields: { License: 'MIT' } });
  const row = settings.model('network:dots');
  await expect
    .poll(() => row.innerText(), TIMEOUT)
    .toMatch(/anomaly map of images of any size.*pred_score.*MIT/);
  await settings.dialog.waitFor({ state: 'hidden' });
  expect(await seriousViolations(page)).toEqual([]);

  await page.keyboard.press('4');
  const runs = new RunsPage(page);
  await runs.start.waitFor();
  await runs.tickPreset('default');
  await runs.tickPreset('network:dots');
  await expect.poll(() => runs.needs.innerText(), TIMEOUT).toMatch(/^6 items: about/);
  await press(runs.start);
  await expect.poll(() => runs.progress(0), TIMEOUT).toEqual({ ended: 6, total: 6 });

  await page.keyboard.press('5');
  const compare = new ComparePage(page);
  await expect
    .poll(async () => (await compare.row('linen')).filter((cell) => /\d/.test(cell)).length, TIMEOUT)
    .toBe(2);
  expect(await compare.page.getByText('network:dots').count()).toBeGreaterThan(0);
});
