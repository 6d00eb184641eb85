import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { useApp } from './harness/use-app.ts';
import { ComparePage } from './pages/compare.ts';
import { InspectPage } from './pages/inspect.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const [OURS, OTHER] = ['default', 'saliency-rc'];
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 8 }] },
];

async function runBoth(): Promise<void> {
  const run = await perch('runs', 'start', 'cloth', '--method', OURS, '--method', OTHER);
  if (run.code !== 0) throw new Error(run.stderr);
}

describe('the Compare screen', () => {
  const app = useApp({ images: IMAGES, prepare: runBoth });
  let page: Page;
  let compare: ComparePage;

  beforeEach(async () => {
    page = await app.open('#/compare');
    compare = new ComparePage(page);
    await expect
      .poll(async () => (await compare.row('linen')).filter((cell) => /\d/.test(cell)).length, TIMEOUT)
      .toBe(2);
  });

  it('shows the metrics of the command line, marks the best and shows the difference to a baseline', async () => {
    const evaluated = await perch('evaluate', 'cloth', '--method', OURS, '--method', OTHER, '--json');
    const { rows } = JSON.parse(evaluated.stdout) as {
      rows: { metrics: Record<string, { auPro: number }> }[];
    };
    const [ours, other] = [OURS, OTHER].map((method) => 100 * rows[0].metrics[method].auPro);
    expect(ours).toBeGreaterThan(other);
    expect((await compare.row('linen'))[0]).toContain(ours.toFixed(1));
    expect((await compare.row('linen'))[0]).toContain('best');
    expect((await compare.row('linen'))[1]).not.toContain('best');

    await compare.base.selectOption(OURS);
    await expect.poll(async () => (await compare.row('linen'))[1]).toMatch(/−\d+\.\d/);
  });

  it('sets a threshold on a curve by keyboard and uses it in Inspect', async () => {
    await compare.chart.focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
    await compare.set('linen', OURS).click();
    const [, , score] = await compare.readings(OURS);
    await inspectShows(score);
  });

  it('shows the scores of normal and anomalous pixels and sets a threshold by keyboard', async () => {
    await compare.tab('Scores').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => compare.histograms.locator('.normal').count(), TIMEOUT).toBe(3);
    expect(await compare.histograms.locator('.anomalous[fill="url(#hatch)"]').count()).toBe(3);
    await expect.poll(async () => Number((await compare.readings(OURS))[2]), TIMEOUT).toBeGreaterThan(0);
    const before = await compare.readings(OURS);
    await compare.histograms.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
    const readout = await compare.readings(OURS);
    expect(Number(readout[2])).toBeGreaterThan(Number(before[2]));
    expect(Number(readout[0])).toBeLessThanOrEqual(Number(before[0]));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await compare.readings(OURS)).toEqual(readout);
    await inspectShows(readout[2]);
  });

  it('sets a threshold by a click on a histogram', async () => {
    await compare.tab('Scores').click();
    await expect.poll(() => compare.histograms.locator('.normal').count(), TIMEOUT).toBe(3);
    const box = await compare.histograms.boundingBox();
    if (!box) throw new Error('The histograms are not visible.');
    // The second row is in the lower half.
    await page.mouse.click(box.x + box.width / 2, box.y + 0.8 * box.height);
    await page.mouse.move(0, 0);
    await expect.poll(() => compare.histograms.getByText(/^set /).count()).toBeGreaterThan(0);
    const [normal, , score] = await compare.readings(OTHER);
    expect(Number(normal)).toBeLessThan(50);
    await inspectShows(score, OTHER);
  });

  /** Opens the class with a method in Inspect and expects a threshold there. */
  async function inspectShows(score: string, method = OURS) {
    await compare.cell('linen', method).focus();
    await page.keyboard.press('Enter');
    const { threshold, reset } = new InspectPage(page);
    await threshold.waitFor();
    await expect
      .poll(async () => Number(await threshold.inputValue()) / Number(score), TIMEOUT)
      .toBeCloseTo(1, 2);
    expect(await reset.isEnabled()).toBe(true);
  }

  it('shows the image with each method and opens images on which the methods disagree', async () => {
    await compare.pane(OURS).locator('canvas').first().waitFor();
    await compare.pane(OTHER).locator('canvas').first().waitFor();
    await compare.disagreements.first().waitFor();
    const last = compare.disagreements.last();
    await last.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => last.getAttribute('aria-current')).toBe('true');
  });

  it('exports the metrics', async () => {
    const table = await readFile(await compare.saved('csv'), 'utf8');
    expect(table).toContain('linen');
    expect(table).toContain(OTHER);
  });

  it.each(['PRO', 'Scores'] as const)('exports the visible chart of %s as SVG and PNG', async (kind) => {
    await compare.tab(kind).click();
    await expect
      .poll(async () => Number((await compare.readings(OTHER))[1]), TIMEOUT)
      .toBeGreaterThanOrEqual(0);
    const file = await readFile(await compare.saved('svg'));
    const text = file.toString().replaceAll(/<[^>]*>/g, ' ');
    for (const label of ['cloth, linen', OURS, OTHER]) expect(text).toContain(label);
    const [svg, png] = [await sharp(file).metadata(), await sharp(await compare.saved('png')).metadata()];
    expect([png.format, png.width, png.height]).toEqual(['png', 2 * svg.width, 2 * svg.height]);
  });

  it('has no serious accessibility violation', async () => {
    expect(await seriousViolations(page)).toEqual([]);
    await compare.tab('Scores').click();
    await expect.poll(() => compare.histograms.locator('.normal').count(), TIMEOUT).toBe(3);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
