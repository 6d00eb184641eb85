import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Desktop } from './harness/desktop.ts';
import { storedGroundTruth } from './fixtures/masks.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';

const SIZE = { width: 128, height: 128 };
const IMAGES = ['1', '2', '3'].map((name) => ({ defectType: 'good', name, blemishes: [] }));
/** Repetitions of each way to quit. `PERCH_REPEATS=10` finds rare failures. */
const REPEATS = Number(process.env.PERCH_REPEATS ?? 1);
/** Time after which a stroke is stored as a draft (annotation/drafts.ts) but not yet saved. */
const DRAFT_MS = 600;
/** Time between the end of a stroke and quitting. */
const QUIT_DELAY_MS = 100;
const [SAVE, DISCARD, CANCEL] = [0, 1, 2];

type QuitAction = (desktop: Desktop, page: Page) => Promise<void>;
const quitByMenu: QuitAction = (desktop) =>
  process.platform === 'darwin' ? desktop.choose('Perch', 'Quit Perch') : desktop.choose('File', 'Quit');

/** Ways to quit on every platform. */
const COMMON_WAYS: Record<string, QuitAction> = {
  'the menu': quitByMenu,
  'the end of the session': (desktop) =>
    desktop.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('shutdown', { preventDefault() {} })),
};
/** Ways to quit on Linux only. */
const LINUX_WAYS: Record<string, QuitAction> = {
  'its key': (_desktop, page) => page.keyboard.press('Control+q'),
  SIGTERM: async (desktop) => void desktop.app.process().kill('SIGTERM'),
  SIGINT: async (desktop) => void desktop.app.process().kill('SIGINT'),
  'the button of the window': (desktop) => desktop.closeWindow(),
};
const WAYS = process.platform === 'linux' ? { ...COMMON_WAYS, ...LINUX_WAYS } : COMMON_WAYS;

describe('quitting with an unsaved mask', () => {
  const app = useApp({ images: IMAGES, side: SIZE.width, keepPages: true });
  let desktop: Desktop;
  let page: Page;
  let annotate: AnnotatePage;
  /** Row of the next stroke. Each stroke uses a different row. */
  let row = 2;

  beforeAll(() => {
    if (!app.host.desktop) throw new Error('This tests the desktop application: npm run test:e2e:desktop.');
    desktop = app.host.desktop;
  });

  async function open(image: number): Promise<void> {
    page = await app.open(`#/annotate?image=${image}`);
    annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
  }

  /** Draws a line across the image. @returns its row */
  async function draw(): Promise<number> {
    row = (row + 7) % SIZE.height;
    const [start] = await annotate.drag([
      { x: 20, y: row },
      { x: 100, y: row },
    ]);
    return Math.round(start.y);
  }

  async function isDrawn(image: number, at: number): Promise<boolean> {
    const truth = await storedGroundTruth(app.host.home, image);
    return truth?.pixels?.[at * SIZE.width + 60] === 255;
  }

  const pass = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it('asks if there is no author; Cancel keeps the application usable, Discard discards the mask', async () => {
    await open(1);
    const drawn = await draw();
    await annotate.dialog.getByRole('textbox', { name: 'Your name' }).waitFor();
    await page.keyboard.press('Escape');
    await desktop.answer('showMessageBox', { response: CANCEL });
    await quitByMenu(desktop, page);
    await expect.poll(() => desktop.asked()).toHaveLength(1);
    const [{ message, detail, buttons }] = await desktop.asked();
    expect(message).toBe('The mask of test/good/1.png is not saved.');
    expect(detail).toContain('No operator name is set');
    expect(buttons).toEqual(['Save', 'Discard', 'Cancel']);

    await page.keyboard.press('1');
    await page
      .getByRole('complementary', { name: 'Datasets and filters' })
      .getByText('cloth')
      .first()
      .waitFor();
    await page.goBack();
    await annotate.ready(SIZE);
    expect(await isDrawn(1, drawn)).toBe(false);

    await desktop.answer('showMessageBox', { response: DISCARD });
    await quitByMenu(desktop, page);
    await desktop.ended();
    expect(await storedGroundTruth(app.host.home, 1)).toMatchObject({ pixels: undefined });
  });

  it('saves with the author entered in the dialog', async () => {
    await open(1);
    const drawn = await draw();
    await annotate.dialog.getByRole('textbox', { name: 'Your name' }).waitFor();
    await page.keyboard.press('Escape');
    await desktop.answer('showMessageBox', { response: SAVE });
    await quitByMenu(desktop, page);
    await annotate.sign('A. Weber');
    await desktop.ended();
    expect(await isDrawn(1, drawn)).toBe(true);
    expect(await storedGroundTruth(app.host.home, 1)).toMatchObject({ author: 'A. Weber' });
  });

  it.each(Object.keys(WAYS))('saves the mask when quitting by %s', async (way) => {
    for (let time = 0; time < REPEATS; time++) {
      await open(2);
      const drawn = await draw();
      await pass(QUIT_DELAY_MS);
      await WAYS[way](desktop, page);
      await desktop.ended();
      expect(await isDrawn(2, drawn), `${way}, ${time + 1} of ${REPEATS}`).toBe(true);
    }
  });

  it('does not ask if everything is saved, and restores its state', async () => {
    await open(2);
    const drawn = await draw();
    await annotate.saved();
    await desktop.answer('showMessageBox', { response: CANCEL });
    await quitByMenu(desktop, page);
    await desktop.ended();
    expect(await isDrawn(2, drawn)).toBe(true);
    await open(2);
    await annotate.saved();
    await page.screenshot({ path: join(SHOTS, 'desktop-started-again.png') });
  });

  it('keeps a mask through a crash of the page', async () => {
    await open(3);
    const drawn = await draw();
    await pass(DRAFT_MS);
    await desktop.answer('showMessageBox', { response: 0 });
    const reloaded = desktop.reloads();
    await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].webContents.forcefullyCrashRenderer(),
    );
    await expect.poll(() => desktop.asked()).toHaveLength(1);
    expect((await desktop.asked())[0].message).toBe('The Perch window has stopped working.');
    await reloaded;
    await expect.poll(() => isDrawn(3, drawn), { timeout: 30_000 }).toBe(true);
  });
});
