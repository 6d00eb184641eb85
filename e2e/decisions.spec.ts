import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { Store } from '../src-main/store/store.ts';
import { addRecipe, homeIn } from './fixtures/recipes.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { LibraryPage } from './pages/library.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 12 }] },
  { textureClass: 'velvet', defectType: 'good', name: '1', blemishes: [] },
];

/** Inspects the images, and adds a recipe whose limits are between the scores of the two linen images. */
async function prepare(folder: string): Promise<void> {
  const { code, stderr } = await perch('runs', 'start', 'cloth', '--method', 'default');
  if (code !== 0) throw new Error(stderr);
  const store = new Store(homeIn(folder));
  const [{ id: method }] = store.methods.list();
  const [good, hole] = store.results.listByMethod(1, method).map(({ max }) => max);
  store.close();
  const thresholds = { review: good + (hole - good) / 4, reject: good + (hole - good) / 3 };
  addRecipe(homeIn(folder), { name: 'Linen', thresholds, locked: true });
  addRecipe(homeIn(folder), { name: 'Velvet', textureClass: 'velvet' });
}

describe('decisions', () => {
  const app = useApp({ images: IMAGES, prepare });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(async () => {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(3);
  });

  const panel = () => page.getByRole('region', { name: 'Decision' });
  const decision = () => panel().getByRole('status', { name: 'Decision' });

  it('are large, with reason, recipe, revision and lock', async () => {
    await expect.poll(() => decision().innerText(), TIMEOUT).toBe('REJECT');
    const text = await panel().innerText();
    expect(text).toMatch(/A region of \d+ px at [\d.]+ reaches the reject threshold/);
    expect(text).toMatch(/Linen\s+r2\s+locked/);
    expect(text).toMatch(/pass < [\d.]+ ≤ review < [\d.]+ ≤ reject/);
    // The contour is suggested at the review threshold.
    const review = Number(/pass < ([\d.]+)/.exec(text)?.[1]);
    expect(Number(await inspect.threshold.inputValue())).toBeCloseTo(review, 3);
    const image = /Image score\s+([\d.]+)/.exec(
      await page.getByRole('region', { name: 'Image' }).innerText(),
    );
    expect(await inspect.selected.getAttribute('aria-label')).toContain(`score ${image?.[1]}`);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => decision().innerText(), TIMEOUT).toBe('PASS');
    expect(await panel().innerText()).toContain('No region of the required size');
  });

  it("do not follow the contour's threshold, and a note says so", async () => {
    await expect.poll(() => decision().innerText(), TIMEOUT).toBe('REJECT');
    await inspect.threshold.fill('1000');
    await inspect.threshold.press('Enter');
    await expect.poll(() => inspect.regions.count(), TIMEOUT).toBe(0);
    expect(await decision().innerText()).toBe('REJECT');
    await page.getByText('Display only: the recipe decides').waitFor();
    await inspect.reset.click();
  });

  it('mark images in filmstrip and Library, which filters and sorts by decision', async () => {
    await expect
      .poll(() => inspect.cell('hole/2.png').getAttribute('aria-label'), TIMEOUT)
      .toContain('rejected');
    await page.keyboard.press('1');
    const library = new LibraryPage(page);
    await library.facet('Decision', 'Reject').check();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('1 of 3 images');
    await expect.poll(() => page.url(), TIMEOUT).toContain('decision=reject');
    await expect.poll(() => library.thumbnails.first().innerText()).toContain('decision reject');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('combobox').selectOption('Distance to limit');
    await expect.poll(() => page.url(), TIMEOUT).toContain('sort=distance');
    await expect.poll(() => library.thumbnails.nth(2).getAttribute('title')).toContain('velvet');
  });

  it('are absent without limits: score and rank are shown, and Shift+G marks good images', async () => {
    await page.keyboard.press('End');
    await expect.poll(() => decision().innerText(), TIMEOUT).toBe('Not calibrated');
    expect(await panel().innerText()).toMatch(/Score [\d.]+, rank 1 of 1/);
    await page.keyboard.press('Shift+G');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    const good = panel().getByRole('button', { name: 'Good for calibration' });
    await expect.poll(() => good.getAttribute('aria-pressed'), TIMEOUT).toBe('true');
    await expect
      .poll(() => inspect.selected.getAttribute('aria-label'), TIMEOUT)
      .toContain('good for calibration');
    await expect.poll(() => page.url(), TIMEOUT).toContain('image=3');
    await page.reload();
    await expect.poll(() => good.getAttribute('aria-pressed'), TIMEOUT).toBe('true');
    await page.keyboard.press('Shift+G');
    await expect.poll(() => good.getAttribute('aria-pressed'), TIMEOUT).toBe('false');
  });

  it('open a list of images from an address, and all images again', async () => {
    await page.close();
    page = await app.open('#/library?only=2&only-title=good%20x%20reject');
    const library = new LibraryPage(page);
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('1 of 3 images');
    await page.getByRole('button', { name: 'Stop showing only: good x reject' }).click();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('3 images');
  });

  it('are shown in the second window', async () => {
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Control+Shift+D');
    const display = await opened;
    const shown = display.getByRole('region', { name: 'Decision' });
    await expect.poll(() => shown.innerText(), TIMEOUT).toMatch(/REJECT[^]*Linen r2, locked/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => shown.innerText(), TIMEOUT).toMatch(/PASS/);
    await display.close();
  });
});
