import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { isContour, isHot, isGroundTruth } from './fixtures/pixel-colors.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 128;
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 6 }] },
];

describe('the Inspect screen', () => {
  const app = useApp({ images: IMAGES, side: SIDE });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(async () => {
    await openDefective();
  });

  async function openDefective() {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(3);
    await page.keyboard.press('F3');
  }

  const contour = async () => (await inspect.pixels('Overlay')).count(isContour);

  it('shows the hottest part of the heatmap at the defect', async () => {
    await expect
      .poll(async () => (await inspect.pixels('Heatmap')).count(isHot), TIMEOUT)
      .toBeGreaterThan(50);
    const heatmap = await inspect.pixels('Heatmap');
    const side = Math.min(heatmap.width, heatmap.height);
    const left = (heatmap.width - side) / 2;
    const top = (heatmap.height - side) / 2;
    const [, defect] = heatmap.at(left + (40 / SIDE) * side, top + (88 / SIDE) * side);
    const [, background] = heatmap.at(left + (100 / SIDE) * side, top + (20 / SIDE) * side);
    expect(defect).toBeGreaterThan(background + 60);
  });

  it('outlines the ground truth and the prediction', async () => {
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    const truth = async () => (await inspect.pixels('Overlay')).count(isGroundTruth);
    expect(await truth()).toBeGreaterThan(50);
    await page.keyboard.press('g');
    await expect.poll(truth, TIMEOUT).toBe(0);
    await page.keyboard.press('c');
    await expect.poll(contour, TIMEOUT).toBe(0);
    await page.keyboard.press('F4');
    await expect
      .poll(async () => (await inspect.pixels('Ground truth')).count(isGroundTruth))
      .toBeGreaterThan(50);
    expect((await inspect.pixels('Input')).count(isGroundTruth)).toBe(0);
  });

  it('moves the contour with the threshold, keeps the threshold through a crash and resets it', async () => {
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    const suggested = await inspect.threshold.inputValue();
    await inspect.slider.press('End');
    await expect.poll(() => inspect.regions.count(), TIMEOUT).toBeLessThanOrEqual(1);
    await expect.poll(contour, TIMEOUT).toBeLessThan(50);
    await page.keyboard.press('Shift+BracketLeft');
    const chosen = await inspect.threshold.inputValue();
    expect(Number(chosen)).toBeGreaterThan(Number(suggested));
    await page.waitForTimeout(1000);
    await app.killHost();
    await openDefective();
    await expect.poll(() => inspect.threshold.inputValue(), TIMEOUT).toBe(chosen);
    await inspect.reset.click();
    expect(await inspect.threshold.inputValue()).toBe(suggested);
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
  });

  it('accepts a typed threshold', async () => {
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    const suggested = await inspect.threshold.inputValue();
    await inspect.threshold.fill('1000');
    await inspect.threshold.press('Enter');
    await expect.poll(() => inspect.regions.count(), TIMEOUT).toBe(0);
    expect(Number(await inspect.threshold.inputValue())).toBe(1000);
    await inspect.reset.click();
    expect(await inspect.threshold.inputValue()).toBe(suggested);
  });

  it('sets the threshold to the F1-max threshold of the evaluation', async () => {
    const { stdout } = await perch('evaluate', 'cloth', '--json');
    const { rows } = JSON.parse(stdout) as {
      rows: { metrics: Record<string, { f1MaxThreshold: number }> }[];
    };
    const expected = rows[0].metrics['default'].f1MaxThreshold;
    await expect.poll(() => inspect.threshold.inputValue(), TIMEOUT).toMatch(/\.\d/);
    const digits = (await inspect.threshold.inputValue()).split('.')[1].length;
    await page.getByRole('button', { name: 'F1-max' }).click();
    await expect.poll(() => inspect.threshold.inputValue(), TIMEOUT).toBe(expected.toFixed(digits));
    expect(await inspect.reset.isEnabled()).toBe(true);
    await inspect.reset.click();
  });

  it('opens the next and the previous image by key', async () => {
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => inspect.title.innerText()).toContain('3.png');
    expect(await inspect.selected.getAttribute('aria-label')).toContain('3.png');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => inspect.title.innerText()).toContain('1.png');
  });

  it('zooms all panes together at the pointer', async () => {
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    const before = await inspect.zoomPercent();
    await inspect.canvas('Input').hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(() => inspect.zoomPercent()).toBeGreaterThan(before * 2);
    await page.mouse.move(0, 0);
    const input = await inspect.pixels('Input');
    const overlay = await inspect.pixels('Overlay');
    // Points outside the mini-map and the contour.
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

  it('shows the pixel under the pointer', async () => {
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    await inspect.canvas('Heatmap').hover();
    await expect
      .poll(() => inspect.readout.innerText(), TIMEOUT)
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

  it('shows the score of every compared method at the pointer', async () => {
    const run = await perch('runs', 'start', 'cloth', '--method', 'saliency-rc');
    expect(run.code).toBe(0);
    await page.close();
    await openDefective();
    await expect
      .poll(() => inspect.readout.innerText(), TIMEOUT)
      .toMatch(/gt[\s\S]*(default|saliency-rc)\s+–/);
    await inspect.canvas('Input').hover();
    await expect
      .poll(() => inspect.readout.innerText(), TIMEOUT)
      .toMatch(/score (default|saliency-rc)\s+\d+\.\d+[\s\S]*(default|saliency-rc)\s+\d+\.\d+/);
  });

  it('has no serious accessibility violation', async () => {
    await page.keyboard.press('F4');
    await expect.poll(contour, TIMEOUT).toBeGreaterThan(50);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
