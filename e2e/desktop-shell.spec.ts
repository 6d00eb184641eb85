import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandOf, Desktop, findRuntime } from './harness/desktop.ts';
import { press } from './harness/keyboard.ts';
import { LibraryPage } from './pages/library.ts';
import { Palette } from './pages/palette.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const SHOTS = join(import.meta.dirname, '..', 'test-results');
/** Number of images. They are large, because the desktop shows no progress for a run that ends immediately. */
const FELT_IMAGES = 8;
const TIMEOUT = { timeout: 30_000, interval: 100 };
/** A second display, to the right of the first. */
const DISPLAYS = [
  { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 } },
  { id: 2, bounds: { x: 1920, y: 0, width: 2560, height: 1440 } },
];

/** Calls that the stand-in records. */
interface StandIn {
  standIn: { calls: { name: string; args: unknown[] }[] };
}

describe('the desktop application and its environment', () => {
  let folder: string;
  let home: string;
  let desktop: Desktop;

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
    home = join(folder, 'home');
    await writeFiles({
      [join(folder, 'wool/1.png')]: await weave(64, 1),
    });
    for (let image = 1; image <= FELT_IMAGES; image++)
      await writeFiles({ [join(folder, 'felt', `${image}.png`)]: await weave(512, 1 + image) });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    desktop = new Desktop({ home, env: { STAND_IN_DISPLAYS: JSON.stringify(DISPLAYS) } });
  });

  afterEach(async () => {
    await desktop.end('SIGTERM');
  });

  const nameOf = (page: Page) => page.getByLabel('Name', { exact: true }).inputValue();

  async function calls(name: string): Promise<unknown[][]> {
    const all = await desktop.app.evaluate((electron) => (electron as unknown as StandIn).standIn.calls);
    return all.filter((call) => call.name === name).map(({ args }) => args);
  }

  it('opens its arguments and those of a second start', async () => {
    desktop = new Desktop({ home, args: [join(folder, 'wool')] });
    const page = await desktop.window();
    const library = new LibraryPage(page);
    await library.preview.waitFor();
    expect(await nameOf(page)).toBe('wool');

    const second = await commandOf({ home, args: ['felt'] });
    const process = spawn(second.executablePath, second.args, {
      env: second.env,
      cwd: folder,
      stdio: 'ignore',
    });
    expect(await once(process, 'exit')).toEqual([0, null]);
    await expect.poll(() => nameOf(page), TIMEOUT).toBe('felt');
    await library.start.click();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe(`${FELT_IMAGES} images`);
  });

  it('selects a folder to import in a native dialog', async () => {
    const page = await desktop.window();
    await desktop.answer('showOpenDialog', { canceled: false, filePaths: [join(folder, 'wool')] });
    await desktop.choose('File', 'Import Folder');
    await new LibraryPage(page).preview.waitFor();
    expect(await nameOf(page)).toBe('wool');
  });

  it('selects the folder of a station in a native dialog', async () => {
    const page = await desktop.window();
    await desktop.answer('showOpenDialog', { canceled: false, filePaths: [join(folder, 'wool')] });
    await page.keyboard.press('8');
    await page.getByRole('main', { name: 'Station' }).waitFor();
    await page.keyboard.press('n');
    const form = page.getByRole('dialog', { name: 'Create station' });
    await press(form.getByRole('button', { name: 'Browse…' }));
    await expect
      .poll(() => form.getByLabel('Folder', { exact: true }).inputValue(), TIMEOUT)
      .toBe(join(folder, 'wool'));
  });

  it.each([0, 30, 60, 90])('quits without an error %i ms after its window opened', async (delay) => {
    await desktop.start();
    await desktop.app.firstWindow();
    await new Promise((resolve) => setTimeout(resolve, delay));
    const application = desktop.app.process();
    await desktop.end('SIGTERM');
    expect(application.exitCode).toBe(0);
  });

  it('restores the bounds of its window', async () => {
    await desktop.window();
    const bounds = { x: 2100, y: 150, width: 1000, height: 700 };
    await desktop.app.evaluate(
      ({ BrowserWindow }, next) => BrowserWindow.getAllWindows()[0].setBounds(next),
      bounds,
    );
    await desktop.end('SIGTERM');
    await desktop.start();
    await desktop.app.firstWindow();
    const at = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].getBounds(),
    );
    expect(at).toEqual(bounds);
  });

  it('shows the second window full screen on the other display and closes it with the main window', async () => {
    await desktop.window();
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setPosition(50, 50));
    const opened = desktop.app.waitForEvent('window');
    await desktop.choose('View', 'Open Second Window');
    await opened;
    const display = () =>
      desktop.app.evaluate(({ BrowserWindow }) => {
        const window = BrowserWindow.getAllWindows()[1];
        return { ...window.getBounds(), fullScreen: window.isFullScreen() };
      });
    await expect.poll(display, TIMEOUT).toEqual({ ...DISPLAYS[1].bounds, fullScreen: true });
    await desktop.closeWindow();
    await desktop.ended();
  });

  it('writes console messages of the page to the log and shows the log', async () => {
    const page = await desktop.window();
    await page.evaluate(`console.error('logged by the page')`);
    const logs = await desktop.app.evaluate(({ app }) => app.getPath('logs'));
    await expect
      .poll(() => readFile(join(logs, 'perch.log'), 'utf8'), TIMEOUT)
      .toContain('logged by the page');
    if (findRuntime().real) return;
    await desktop.choose('Help', 'Show Logs');
    await expect.poll(() => calls('shell.showItemInFolder'), TIMEOUT).toEqual([[join(logs, 'perch.log')]]);
  });

  it('copies diagnostics', async () => {
    await desktop.window();
    await desktop.answer('showMessageBox', { response: 0 });
    await desktop.choose('Help', 'Copy Diagnostics');
    await expect.poll(() => desktop.asked(), TIMEOUT).toHaveLength(1);
    const copied = await desktop.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toContain('Perch');
    expect(copied).toContain(home);
  });

  it('does not navigate away and opens no other window', async () => {
    const page = await desktop.window();
    const before = desktop.app.windows().length;
    await page.evaluate(`location.href = 'https://example.com/'`).catch(() => {});
    await page.evaluate(`void window.open('https://example.com/')`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.getByRole('navigation').first().waitFor();
    expect(page.url()).not.toContain('example.com');
    expect(desktop.app.windows()).toHaveLength(before);
  });

  it.skipIf(findRuntime().real)('has a context menu for text', async () => {
    const page = await desktop.window();
    await new Palette(page).find('settings');
    await page.keyboard.press('Control+a');
    await page.locator(':focus').click({ button: 'right' });
    await expect.poll(() => calls('menu.popup'), TIMEOUT).toHaveLength(1);
    const [[labels]] = await calls('menu.popup');
    expect(labels).toEqual(expect.arrayContaining(['Cut', 'Copy', 'Paste', 'Select All']));
  });

  it.skipIf(findRuntime().real)(
    'shows the progress of a run on the task bar and keeps the computer awake',
    async () => {
      const page = await desktop.window();
      const library = new LibraryPage(page);
      await library.dataset('felt').click();
      await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].blur());
      await library.inspect.click();
      await expect.poll(() => calls('notification.show'), TIMEOUT).toHaveLength(1);
      expect(await calls('powerSaveBlocker.start')).toEqual([['prevent-app-suspension']]);
      await expect.poll(() => calls('powerSaveBlocker.stop'), TIMEOUT).toHaveLength(1);
      const progress = (await calls('window.setProgressBar')).map(([, fraction]) => fraction as number);
      expect(progress.some((fraction) => fraction >= 0)).toBe(true);
      await expect.poll(async () => (await calls('window.setProgressBar')).at(-1)?.[1], TIMEOUT).toBe(-1);
    },
  );
});
