import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { SHOTS, useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { isContour, readPixels } from './fixtures/pixel-colors.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
];

describe('the second window', () => {
  const app = useApp({ images: IMAGES });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(async () => {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(2);
  });

  async function openDisplay(): Promise<Page> {
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Control+Shift+D');
    const display = await opened;
    await display.getByRole('main', { name: 'Display' }).waitFor();
    return display;
  }

  it('shows the image and its contour and follows image, threshold and zoom of the main window', async () => {
    const display = await openDisplay();
    const name = display.locator('header .name');
    await expect.poll(() => name.innerText(), TIMEOUT).toContain('hole/2.png');
    const canvas = display.getByLabel(/^Overlay of/);
    const contour = async () => (await readPixels(canvas)).count(isContour);
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    await display.screenshot({ path: join(SHOTS, 'display.png') });

    const whole = await contour();
    await page.keyboard.press('0');
    await page.keyboard.press('+');
    await expect.poll(contour, TIMEOUT).not.toBe(whole);
    await page.keyboard.press('f');
    await expect.poll(contour, TIMEOUT).toBe(whole);

    await page.keyboard.press('c');
    await expect.poll(contour, TIMEOUT).toBe(0);
    await page.keyboard.press('c');

    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => name.innerText(), TIMEOUT).toContain('good/1.png');
    await display.close();
  });

  it('shows the pane selected in it', async () => {
    const display = await openDisplay();
    await display.getByRole('button', { name: 'Heatmap' }).click();
    await display.getByLabel(/^Heatmap of/).waitFor();
    await display.keyboard.press('F1');
    await display.getByLabel(/^Input of/).waitFor();
    await display.close();
  });
});
