import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../src-main/store/store.ts';
import { pageText } from './fixtures/page-text.ts';
import { readPixels } from './fixtures/pixel-colors.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { InspectPage } from './pages/inspect.ts';
import { Palette } from './pages/palette.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const BLEMISHES = [{ x: 40, y: 88, radius: 9 }];
/** Names that appear nowhere else on a page. */
const IMAGES = [
  { defectType: 'good', name: 'quartz', blemishes: [] },
  { defectType: 'good', name: 'basalt', blemishes: [] },
  { defectType: 'gouge', name: 'zinc', blemishes: BLEMISHES },
  { defectType: 'gouge', name: 'cobalt', blemishes: BLEMISHES },
];

describe('a blind review', () => {
  const app = useApp({ images: IMAGES });
  let page: Page;
  let inspect: InspectPage;
  let review: ReviewPage;

  beforeEach(async () => {
    page = await app.open('#/inspect?image=3&kind=gouge&sort=score-down');
    inspect = new InspectPage(page);
    review = new ReviewPage(page);
    await inspect.inspected(2);
    await page.getByRole('button', { name: 'Filtered' }).press('Enter');
    await inspect.cells.nth(3).waitFor();
  });

  const shown = async () => (await inspect.title.innerText()).replaceAll('\n', '');
  const progress = () => review.progress.innerText();

  /**
   * Text that must not appear while images are hidden: names, defect types, ground truth, verdicts and scores
   * of all images.
   */
  function secrets(): RegExp {
    const store = new Store(app.host.home);
    try {
      const scores = store.results.listByMethod(1, store.methods.list()[0].id);
      const numbers = scores.map(({ max }) => max.toPrecision(3).replace('.', String.raw`\.`));
      // The page offers the type itself as a button, but never next to an image.
      const words = [
        'quartz',
        'basalt',
        'zinc',
        'cobalt',
        'gouge/',
        'gouge,',
        'good/',
        'kind=',
        'sort=',
        'image=',
      ];
      const marks = [
        'ground truth (anomalous|normal)',
        'With mask',
        'E. Prior',
        'a very plain secret',
        ...numbers,
      ];
      return new RegExp([...words, ...marks].join('|'), 'i');
    } finally {
      store.close();
    }
  }

  it("hides names, ground truth, scores and other people's verdicts on every screen until the verdict", async () => {
    // Another person has reviewed all images.
    const store = new Store(app.host.home);
    const images = store.images.listByDataset(1).map(({ id }) => id);
    const prior = { dataset: 1, operator: 'E. Prior', name: 'a very plain secret', method: null, filter: '' };
    const { id } = store.sessions.add({ ...prior, images });
    for (const image of images)
      store.verdicts.add(id, { image, verdict: 'reject', defectType: '', note: 'a very plain secret' });
    store.close();

    const secret = secrets();
    // The same search finds existing text.
    expect(await pageText(page)).toMatch(secret);
    await review.start('A. Weber');
    await expect.poll(shown).toContain('Image 1');
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Control+Shift+D');
    const display = await opened;
    await display.getByRole('main', { name: 'Display' }).waitFor();
    await expect.poll(() => display.locator('header .name').innerText(), TIMEOUT).toBe('Image 1');

    for (const place of [1, 2, 3, 4]) {
      await page.keyboard.press('2');
      await expect.poll(shown).toContain(`Image ${place}`);
      await inspect.canvas('Overlay').hover();
      expect(await pageText(page)).not.toMatch(secret);
      for (const key of ['F4', 's', 's', 'j', 'F2']) {
        await page.keyboard.press(key);
        expect(await pageText(page), `after ${key}`).not.toMatch(secret);
      }
      for (const screen of ['1', '3', '4', '5', '6', '7']) {
        await page.keyboard.press(screen);
        await page.getByRole('main').waitFor();
        expect(await pageText(page), `screen ${screen}`).not.toMatch(secret);
      }
      await expect.poll(() => pageText(display)).toContain(`Image ${place}`);
      expect(await pageText(display)).not.toMatch(secret);
      if (place < 4) await page.keyboard.press('2').then(() => page.keyboard.press('ArrowRight'));
    }
    await display.close();

    await page.keyboard.press('2');
    const palette = new Palette(page);
    await palette.find('image');
    await palette.found.first().waitFor();
    expect(await pageText(page)).not.toMatch(secret);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zinc');
    await page.getByText('No results').waitFor();
    await page.keyboard.press('Escape');
    expect(await seriousViolations(page)).toEqual([]);

    // Give the verdicts and check the revealed text.
    await page.keyboard.press('Home');
    await review.advance.uncheck();
    await page.keyboard.press('a');
    await expect.poll(shown).toMatch(/quartz|basalt|zinc|cobalt/);
    expect(await inspect.selected.getAttribute('aria-label')).toMatch(/score \d.*accepted.*ground truth/);
    await page.keyboard.press('Control+z');
    await expect.poll(shown).toContain('Image 1');
    await review.advance.check();
  }, 240_000);

  it('also hides the heatmap if selected, and resumes at the first image without a verdict', async () => {
    await review.start('B. Kaya', { heatmapHidden: true });
    await expect.poll(shown).toContain('Image 1');
    await page.keyboard.press('F4');
    await inspect.pane('Heatmap').getByText('The heatmap is hidden until the verdict.').waitFor();
    const colors = async () => {
      const pixels = await readPixels(inspect.canvas('Heatmap'));
      return pixels.count(([red, green, blue]) => Math.max(red, green, blue) > 60);
    };
    await expect.poll(colors, TIMEOUT).toBe(0);
    await inspect.canvas('Overlay').hover();
    expect(await inspect.readout.innerText()).toMatch(/score[^\n]*\n\s*–/);
    await page.screenshot({ path: join(SHOTS, 'blind-without-heatmap.png') });

    await page.keyboard.press('r');
    await expect.poll(shown).toContain('Image 2');
    await page.keyboard.press('End');
    await expect.poll(shown).toContain('Image 4');
    await expect.poll(progress).toContain('1/4');
    await page.reload();
    await expect.poll(shown, TIMEOUT).toContain('Image 2');
    await expect.poll(progress).toContain('1/4');
    await page.close();
    await app.killHost();
    page = await app.open('#/inspect?session=2');
    inspect = new InspectPage(page);
    review = new ReviewPage(page);
    await expect.poll(shown, TIMEOUT).toContain('Image 2');
    for (const key of ['a', 'a', 'a']) await page.keyboard.press(key);
    await review.summary.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F4');
    await expect.poll(colors, TIMEOUT).toBeGreaterThan(100);
  }, 240_000);
});
