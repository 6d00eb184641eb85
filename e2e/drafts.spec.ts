import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser.ts';
import { startWithCloth, type Cloth } from './cloth.ts';
import { onDesktop } from './desktop.ts';
import { keptTruth } from './masks.ts';
import { AnnotatePage } from './pages/annotate.ts';

const browser = await startBrowser();
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const SIZE = { width: 128, height: 128 };
/** By then a stroke is kept as a draft (annotation/drafts.ts), in milliseconds. */
const DRAFTED = 600;
const PATIENCE = { timeout: 30_000, interval: 100 };

describe.skipIf(onDesktop)('masks that are not saved, in two windows', () => {
  let cloth: Cloth;
  let windows: Page[] = [];
  let problems: string[];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    const pieces = ['1', '2'].map((name) => ({ kind: 'good', name, blemishes: [] }));
    cloth = await startWithCloth(browser, pieces, SIZE.width);
  });

  afterEach(async ({ task }) => {
    for (const [at, page] of windows.entries())
      await page.screenshot({ path: join(SHOTS, `${task.name.replaceAll(/\W+/g, '-')}-${at + 1}.png`) });
    for (const page of windows) await page.close();
    windows = [];
    expect(problems).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await cloth?.stop();
  });

  async function open(image: number): Promise<AnnotatePage> {
    problems = [];
    const page = await cloth.open(`#/annotate?image=${image}`, problems);
    windows.push(page);
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    return annotate;
  }

  async function draw(annotate: AnnotatePage): Promise<void> {
    await annotate.drag([
      { x: 30, y: 40 },
      { x: 70, y: 60 },
    ]);
  }

  /** Ends a window as a crash would: nothing is asked and nothing is saved. */
  async function crash({ page }: AnnotatePage): Promise<void> {
    windows = windows.filter((other) => other !== page);
    await page.close();
  }

  const restored = ({ page }: AnnotatePage) =>
    page.getByRole('status', { name: 'Notices' }).getByText('Masks were restored');

  it('belong to the window that draws them while it lives, and to another one when it has ended', async () => {
    const first = await open(1);
    const before = await keptTruth(cloth.host.home, 1);
    await draw(first);
    await first.dialog.waitFor();
    await first.page.keyboard.press('Escape');
    await first.page.waitForTimeout(DRAFTED);

    const second = await open(1);
    await second.page.waitForTimeout(2 * DRAFTED);
    expect(await restored(second).count()).toBe(0);
    expect(await second.undo.isEnabled()).toBe(false);

    await crash(first);
    const third = await open(1);
    await restored(third).waitFor();
    expect(await third.undo.isEnabled()).toBe(true);
    const fourth = await open(1);
    expect(await restored(fourth).count()).toBe(0);
    await third.sign('A. Weber');
    await third.saved();
    const after = await keptTruth(cloth.host.home, 1);
    expect(after).toMatchObject({ revision: (before?.revision ?? 0) + 1, groundTruth: 'masked' });
  });

  it('are no conflict where the store had taken them before the window ended', async () => {
    const first = await open(2);
    await first.page.route('**/assets/masks/2?*', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await draw(first);
    await expect
      .poll(async () => (await keptTruth(cloth.host.home, 2))?.groundTruth, PATIENCE)
      .toBe('masked');
    const saved = await keptTruth(cloth.host.home, 2);
    await crash(first);
    problems = [];

    const second = await open(2);
    await second.saved();
    expect(await restored(second).count()).toBe(0);
    expect(await keptTruth(cloth.host.home, 2)).toEqual(saved);
  });
});
