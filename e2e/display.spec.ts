import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser.ts';
import { startWithCloth, type Cloth } from './cloth.ts';
import { InspectPage } from './pages/inspect.ts';
import { isContour, pictureOf } from './picture.ts';

const browser = await startBrowser();
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const PATIENCE = { timeout: 60_000, interval: 100 };
const SIDE = 128;

describe('a second window', () => {
  let cloth: Cloth;
  let page: Page;
  let inspect: InspectPage;
  let problems: string[];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    const pieces = [
      { kind: 'good', name: '1', blemishes: [] },
      { kind: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
    ];
    cloth = await startWithCloth(browser, pieces, SIDE);
  });

  afterAll(async () => {
    await browser.close();
    await cloth?.stop();
  });

  beforeEach(async () => {
    problems = [];
    page = await cloth.open('#/inspect?image=2', problems);
    inspect = new InspectPage(page);
    await inspect.inspected(2);
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  async function openDisplay(): Promise<Page> {
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Control+Shift+D');
    const display = await opened;
    await display.getByRole('main', { name: 'Display' }).waitFor();
    return display;
  }

  it('shows image and contour, and follows image, threshold and zoom of the first', async () => {
    const display = await openDisplay();
    const name = display.locator('header .name');
    await expect.poll(() => name.innerText(), PATIENCE).toContain('hole/2.png');
    const canvas = display.getByLabel(/^Overlay of/);
    const contour = async () => (await pictureOf(canvas)).count(isContour);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    await display.screenshot({ path: join(SHOTS, 'display.png') });

    const whole = await contour();
    await page.keyboard.press('0');
    await page.keyboard.press('+');
    await expect.poll(contour, PATIENCE).not.toBe(whole);
    await page.keyboard.press('f');
    await expect.poll(contour, PATIENCE).toBe(whole);

    await page.keyboard.press('c');
    await expect.poll(contour, PATIENCE).toBe(0);
    await page.keyboard.press('c');

    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => name.innerText(), PATIENCE).toContain('good/1.png');
    await display.close();
  });

  it('shows the pane that is chosen in it', async () => {
    const display = await openDisplay();
    await display.getByRole('button', { name: 'Heatmap' }).click();
    await display.getByLabel(/^Heatmap of/).waitFor();
    await display.keyboard.press('F1');
    await display.getByLabel(/^Input of/).waitFor();
    await display.close();
  });
});
