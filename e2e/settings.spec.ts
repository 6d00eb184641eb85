import { join } from 'node:path';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { tabTo } from './harness/keyboard.ts';
import { queryStore } from './fixtures/query-store.ts';
import { useApp } from './harness/use-app.ts';
import { SettingsPage } from './pages/settings.ts';

const MODELS = join(import.meta.dirname, '..', 'models');
const GOLDEN = join(import.meta.dirname, '..', 'assets', 'golden');
const TIMEOUT = { timeout: 30_000, interval: 100 };

describe('the Settings screen by keyboard', () => {
  // Nothing answers at this address, as on a machine without network.
  const app = useApp({ env: { PERCH_MODELS_MIRROR: 'http://127.0.0.1:9/' } });
  let page: Page;
  let settings: SettingsPage;

  beforeEach(open);

  async function open() {
    page = await app.open('');
    settings = new SettingsPage(page);
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await page.keyboard.press('9');
    await settings.operator.waitFor();
  }

  const theme = () => page.locator('html').getAttribute('data-theme');

  it('keeps operator, theme and device through a crash', async () => {
    await tabTo(settings.operator);
    await page.keyboard.type('Å. Weber');
    await settings.press('Light');
    await expect.poll(theme, TIMEOUT).toBe('light');
    const cpu = () => settings.device('CPU');
    await expect.poll(() => cpu().isEnabled(), TIMEOUT).toBe(true);
    expect(await settings.device('NVIDIA').isDisabled()).toBe(true);
    await tabTo(settings.device('Automatic'));
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => cpu().isChecked()).toBe(true);
    await expect
      .poll(() => queryStore(app.host.home, "SELECT value FROM settings WHERE name = 'provider'"))
      .toBe('"cpu"');

    await page.close();
    await app.killHost();
    await open();
    await expect.poll(() => settings.operator.inputValue(), TIMEOUT).toBe('Å. Weber');
    await expect.poll(theme, TIMEOUT).toBe('light');
    await expect.poll(() => cpu().isChecked(), TIMEOUT).toBe(true);
    expect(await seriousViolations(page)).toEqual([]);
    await settings.press('Match system');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(theme).toBe('dark');
  });

  it('imports a model from a file with its output layer, verifies and removes it', async () => {
    const normalization = { Mean: '0, 0, 0', 'Standard deviation': '1, 1, 1' };
    const laws = { name: 'mine', from: join(MODELS, 'laws.onnx'), fields: normalization };
    await settings.add({ ...laws, from: join(MODELS, 'none.onnx') });
    await settings.dialog.getByRole('alert').filter({ hasText: 'none.onnx' }).waitFor(TIMEOUT);
    await page.keyboard.press('Escape');
    await settings.add({ ...laws, fields: { Output: 'no such layer', ...normalization } });
    await settings.dialog
      .getByRole('alert')
      .filter({ hasText: 'Its last ones are: features' })
      .waitFor(TIMEOUT);
    await page.keyboard.press('Escape');
    await settings.add({ ...laws, fields: { Output: 'features', ...normalization } });
    await settings.dialog.waitFor({ state: 'hidden', timeout: 60_000 });

    const mine = settings.model('mine');
    await mine.filter({ hasText: 'ready' }).waitFor();
    await settings.press(/^Verify mine/);
    await mine.filter({ hasText: 'verified' }).waitFor(TIMEOUT);
    await writeFile(join(app.host.home, 'models', 'mine', 'model.onnx'), 'other bytes');
    await settings.press(/^Verify mine/);
    await mine.getByText('checksum').waitFor(TIMEOUT);

    await settings.press(/^Remove mine/);
    await settings.press('Remove', settings.dialog);
    await mine.waitFor({ state: 'detached' });
  });

  it('imports a checkpoint with the layers of its network', async () => {
    const from = join(GOLDEN, 'dinov2.random.pth');
    await settings.add({ name: 'dinov2_vits14', from });
    await settings.dialog
      .getByRole('alert')
      .filter({ hasText: '3 blocks, width 128; dinov2_vits14 has 12 blocks, width 384' })
      .waitFor(TIMEOUT);
    await page.keyboard.press('Escape');
    const fields = { Network: 'dinov2', Layers: '0, 2', Combined: 'their mean' };
    await settings.add({ name: 'small', from, fields });
    await settings.dialog.waitFor({ state: 'hidden', timeout: 60_000 });
    await settings.model('small').filter({ hasText: 'mean of blocks 0, 2' }).waitFor();
    await settings.press(/^Remove small/);
    await settings.press('Remove', settings.dialog);
    await settings.model('small').waitFor({ state: 'detached' });
  });

  it('reports a failed download and suggests a remedy', async () => {
    const vgg = settings.model('vgg19');
    await settings.press('Download', vgg);
    await vgg.getByRole('alert').filter({ hasText: 'Could not download' }).waitFor(TIMEOUT);
    expect(await vgg.getByRole('alert').innerText()).toContain('Without an internet connection');
    expect(await vgg.getByRole('button', { name: 'Download' }).isEnabled()).toBe(true);
  });

  it('shows the data directory, removes unreferenced files and runs diagnostics', async () => {
    await settings.storage.getByText(app.host.home).waitFor();
    const stray = join(app.host.home, 'blobs', 'ab', 'ab'.repeat(32));
    await mkdir(join(stray, '..'), { recursive: true });
    await writeFile(stray, 'nothing refers to this');
    const longAgo = new Date(Date.now() - 7_200_000);
    await utimes(stray, longAgo, longAgo);
    await settings.press(/^Remove unreferenced/);
    await settings.storage.getByText('1 file removed').waitFor(TIMEOUT);
    await expect.poll(() => settings.storage.getByRole('definition').last().innerText()).toBe('0 files, 0 B');
    await settings.press('Run diagnostics');
    const topics = settings.doctor.getByRole('term');
    await expect
      .poll(() => topics.allInnerTexts(), TIMEOUT)
      .toContainEqual(expect.stringContaining('models'));
    await expect.poll(() => topics.allInnerTexts()).toContainEqual(expect.stringContaining('store files'));
  });
});
