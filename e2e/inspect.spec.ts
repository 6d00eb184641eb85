import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { isContour, isHot, isGroundTruth } from './fixtures/pixel-colors.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const SIDE = 128;
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 6 }] },
];

describe('inspecting in a browser', () => {
  const app = useApp({ images: IMAGES, side: SIDE });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(async () => {
    await openHole();
  });

  async function openHole() {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(3);
    await page.keyboard.press('F3');
  }

  const contour = async () => (await inspect.seen('Overlay')).count(isContour);

  it('shows the heatmap hottest where the texture is broken', async () => {
    await expect.poll(async () => (await inspect.seen('Heatmap')).count(isHot), PATIENCE).toBeGreaterThan(50);
    const heatmap = await inspect.seen('Heatmap');
    const side = Math.min(heatmap.width, heatmap.height);
    const left = (heatmap.width - side) / 2;
    const top = (heatmap.height - side) / 2;
    const [, broken] = heatmap.at(left + (40 / SIDE) * side, top + (88 / SIDE) * side);
    const [, sound] = heatmap.at(left + (100 / SIDE) * side, top + (20 / SIDE) * side);
    expect(broken).toBeGreaterThan(sound + 60);
  });

  it('outlines the ground truth beside the prediction', async () => {
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    const truth = async () => (await inspect.seen('Overlay')).count(isGroundTruth);
    expect(await truth()).toBeGreaterThan(50);
    await page.keyboard.press('g');
    await expect.poll(truth, PATIENCE).toBe(0);
    await page.keyboard.press('c');
    await expect.poll(contour, PATIENCE).toBe(0);
    await page.keyboard.press('F4');
    await expect
      .poll(async () => (await inspect.seen('Ground truth')).count(isGroundTruth))
      .toBeGreaterThan(50);
    expect((await inspect.seen('Input')).count(isGroundTruth)).toBe(0);
  });

  it('moves the contour with the threshold, keeps it through a power cut, and goes back', async () => {
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    const proposed = await inspect.threshold.inputValue();
    await inspect.slider.press('End');
    await expect.poll(() => inspect.regions.count(), PATIENCE).toBeLessThanOrEqual(1);
    await expect.poll(contour, PATIENCE).toBeLessThan(50);
    await page.keyboard.press('Shift+BracketLeft');
    const chosen = await inspect.threshold.inputValue();
    expect(Number(chosen)).toBeGreaterThan(Number(proposed));
    await page.waitForTimeout(1000);
    await app.killHost();
    await openHole();
    await expect.poll(() => inspect.threshold.inputValue(), PATIENCE).toBe(chosen);
    await inspect.reset.click();
    expect(await inspect.threshold.inputValue()).toBe(proposed);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
  });

  it('takes a threshold that is typed', async () => {
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    const proposed = await inspect.threshold.inputValue();
    await inspect.threshold.fill('1000');
    await inspect.threshold.press('Enter');
    await expect.poll(() => inspect.regions.count(), PATIENCE).toBe(0);
    expect(Number(await inspect.threshold.inputValue())).toBe(1000);
    await inspect.reset.click();
    expect(await inspect.threshold.inputValue()).toBe(proposed);
  });

  it('sets the threshold to where F1 is best', async () => {
    await page.getByRole('button', { name: /F1/ }).click();
    await expect.poll(() => inspect.reset.isEnabled()).toBe(true);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(20);
    await inspect.reset.click();
  });

  it('goes to the next and the previous image by key', async () => {
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => inspect.title.innerText()).toContain('3.png');
    expect(await inspect.selected.getAttribute('aria-label')).toContain('3.png');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => inspect.title.innerText()).toContain('1.png');
  });

  it('zooms all panes in step, at the pointer', async () => {
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    const before = await inspect.zoomPercent();
    await inspect.canvas('Input').hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(() => inspect.zoomPercent()).toBeGreaterThan(before * 2);
    await page.mouse.move(0, 0);
    const input = await inspect.seen('Input');
    const overlay = await inspect.seen('Overlay');
    // A place that neither mini-map nor contour reaches.
    for (const x of [0.1, 0.3, 0.45]) {
      expect(overlay.at(x * input.width, 0.3 * input.height)).toEqual(
        input.at(x * input.width, 0.3 * input.height),
      );
    }
    await page.keyboard.press('0');
    await expect.poll(() => inspect.zoomPercent()).toBe(100);
    await page.keyboard.press('f');
    await expect.poll(() => inspect.zoomPercent()).toBe(before);
  });

  it('reads the pixel under the pointer out', async () => {
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    await inspect.canvas('Heatmap').hover();
    await expect
      .poll(() => inspect.readout.innerText(), PATIENCE)
      .toMatch(/x\s+6[345]\s+y\s+6[345]\s+rgb\s+\d+\s+\d+\s+\d+\s+score[^\d]+\d+\.\d+[\s\S]*gt\s+normal/);
  });

  it('swipes between input and heatmap by key', async () => {
    await page.keyboard.press('s');
    await inspect.divider.waitFor();
    const before = Number(await inspect.divider.getAttribute('aria-valuenow'));
    await page.keyboard.press('.');
    await expect
      .poll(async () => Number(await inspect.divider.getAttribute('aria-valuenow')))
      .toBe(before + 2);
    await page.keyboard.press('s');
    await inspect.divider.waitFor({ state: 'hidden' });
  });

  it('shows one to four panes by key', async () => {
    for (const [key, count] of [
      ['F1', 1],
      ['F2', 2],
      ['F4', 4],
      ['F3', 3],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => page.locator('section.pane').count()).toBe(count);
    }
  });

  it('reads the pixel out by every method that is compared', async () => {
    const run = await perch('runs', 'start', 'cloth', '--method', 'saliency-rc');
    expect(run.code).toBe(0);
    await page.close();
    await openHole();
    await expect
      .poll(() => inspect.readout.innerText(), PATIENCE)
      .toMatch(/gt[\s\S]*(default|saliency-rc)\s+–/);
    await inspect.canvas('Input').hover();
    await expect
      .poll(() => inspect.readout.innerText(), PATIENCE)
      .toMatch(/score (default|saliency-rc)\s+\d+\.\d+[\s\S]*(default|saliency-rc)\s+\d+\.\d+/);
  });

  it('has no serious barrier', async () => {
    await page.keyboard.press('F4');
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
