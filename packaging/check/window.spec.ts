import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { provideChromium } from '../../e2e/harness/chromium.ts';
import { InspectPage } from '../../e2e/pages/inspect.ts';
import { LibraryPage } from '../../e2e/pages/library.ts';
import { ReviewPage } from '../../e2e/pages/review.ts';
import { SettingsPage } from '../../e2e/pages/settings.ts';
import type { Packed } from './packed.ts';
import { unfolded } from './unfolded.ts';

const CHECKOUT = join(import.meta.dirname, '../..');
const TIMEOUT = { timeout: 60_000, interval: 100 };
const packed = inject('packed') as Packed;

describe.skipIf(packed === undefined)('the window of the package', () => {
  let home: string;
  let executable: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'perch-window-'));
    executable = await unfolded(packed, join(home, 'application'));
  });

  afterEach(() => app?.close());
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function start(): Promise<void> {
    app = await _electron.launch({
      executablePath: executable,
      args: [`--user-data-dir=${join(home, 'profile')}`],
      cwd: home,
      env: {
        ...environment(),
        HOME: home,
        PERCH_HOME: join(home, 'perch'),
        STAND_IN: join(CHECKOUT, 'e2e/electron/electron'),
        PERCH_CHROMIUM: provideChromium(),
      },
    });
    page = await app.firstWindow();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  }

  it('keeps the samples, results and a verdict over a restart', async () => {
    await start();
    const library = new LibraryPage(page);
    await page.getByRole('button', { name: /sample textures$/ }).click();
    await library.start.click();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    await page.keyboard.press('2');
    const inspect = new InspectPage(page);
    await inspect.inspected(7);
    const review = new ReviewPage(page);
    await review.start('A. Weber');
    await page.keyboard.press('r');
    await expect.poll(() => review.progress.innerText(), TIMEOUT).toContain('1/49');
    await app.close();

    await start();
    await page.keyboard.press('1');
    await expect.poll(() => new LibraryPage(page).count.innerText(), TIMEOUT).toBe('49 images');
    await page.keyboard.press('2');
    await page.getByRole('option', { name: /score \d.*, rejected/ }).waitFor();
    await page
      .getByRole('option', { name: /, score \d/ })
      .nth(6)
      .waitFor();
  });

  it('shows why each device cannot be used', async () => {
    await start();
    await page.keyboard.press('9');
    const settings = new SettingsPage(page);
    await expect.poll(() => settings.device('CPU').isEnabled(), TIMEOUT).toBe(true);
    const text = await page.getByRole('region', { name: /Device/ }).innerText();
    expect(text).not.toMatch(/exit code|Cannot find/i);
    expect(text).toMatch(/directml provider/i);
    expect(text).toMatch(/WebGPU\s+(works here|.*adapter)/);
  });
});

/** The environment without variables that refer to the checkout. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(npm_|NODE_|VITEST)/.test(entry[0]),
    ),
  );
}
