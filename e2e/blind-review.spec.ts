import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../src-main/store/store.ts';
import { pageText } from './fixtures/page-text.ts';
import { isContour, readPixels } from './fixtures/pixel-colors.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { Palette } from './pages/palette.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const BLEMISHES = [{ x: 40, y: 88, radius: 9 }];
/** The names occur nowhere else on a page. */
const IMAGES = [
  { defectType: 'good', name: 'quartz', blemishes: [] },
  { defectType: 'good', name: 'basalt', blemishes: [] },
  { defectType: 'gouge', name: 'zinc', blemishes: BLEMISHES },
  { defectType: 'gouge', name: 'cobalt', blemishes: BLEMISHES },
];
const PRIOR = { operator: 'E. Prior', name: 'Night inspection', note: 'a plain secret' };

/** Names, ground truth, verdicts of others, and what the address could reveal. */
const SECRETS = new RegExp(
  [
    'quartz',
    'basalt',
    'zinc',
    'cobalt',
    'kind=',
    'sort=',
    'image=',
    // The verdict panel offers the defect types of the dataset, but no text connects one with an image.
    'gouge/',
    'gouge,',
    'good/',
    'ground truth (anomalous|normal)',
    'With mask',
    ...Object.values(PRIOR),
  ].join('|'),
  'i',
);
const SCORE = /\d\.\d/;

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
    await page
      .getByRole('option', { name: /, score \d/ })
      .nth(3)
      .waitFor();
  });

  const shown = async () => (await inspect.title.innerText()).replaceAll('\n', '');
  const progress = () => review.progress.innerText();

  /** Gives another person's verdicts on all images. */
  function reviewBefore() {
    const store = new Store(app.host.home);
    const images = store.images.listByDataset(1).map(({ id }) => id);
    const { operator, name, note } = PRIOR;
    const { id } = store.sessions.add({ dataset: 1, operator, name, method: null, filter: '', images });
    for (const image of images)
      store.verdicts.add(id, { image, verdict: 'reject', defectType: 'gouge', note });
    store.close();
  }

  it("hides names, ground truth, scores and other people's verdicts on every screen until the verdict", async () => {
    reviewBefore();
    // Outside a blind review, the page shows them.
    await expect.poll(() => pageText(page)).toMatch(new RegExp(PRIOR.operator));
    expect(await inspect.selected.getAttribute('aria-label')).toMatch(/score.*rejected.*ground truth/);

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
      expect(await pageText(page)).not.toMatch(SECRETS);
      expect(await page.getByRole('complementary').innerText()).not.toMatch(SCORE);
      expect(await page.getByRole('listbox').innerText()).not.toMatch(SCORE);
      const label = await inspect.selected.getAttribute('aria-label');
      expect(label).not.toMatch(/score|threshold|accepted|rejected|passed/);
      // A contour at a recipe's threshold would show its decision.
      expect((await inspect.pixels('Overlay')).count(isContour)).toBe(0);
      for (const key of ['F4', 's', 's', 'j', 'F2']) {
        await page.keyboard.press(key);
        expect(await pageText(page), `after ${key}`).not.toMatch(SECRETS);
      }
      for (const screen of ['1', '3', '4', '5', '6', '7', '8']) {
        await page.keyboard.press(screen);
        await page.getByRole('main').waitFor();
        expect(await pageText(page), `screen ${screen}`).not.toMatch(SECRETS);
        if (screen === '1') expect(await page.getByRole('listbox').innerText()).not.toMatch(SCORE);
      }
      await expect.poll(() => pageText(display)).toContain(`Image ${place}`);
      expect(await pageText(display)).not.toMatch(SECRETS);
      await page.keyboard.press('2');
      if (place < 4) await page.keyboard.press('ArrowRight');
    }
    await display.close();

    const palette = new Palette(page);
    // The actions of a hidden screen, which would open its pieces, are not available.
    await page.keyboard.press('8');
    await page.getByText('Station is hidden during a blind review').waitFor();
    await palette.find('create station');
    await page.getByText('No results').waitFor();
    await page.keyboard.press('Escape');
    await palette.field.waitFor({ state: 'hidden' });
    await page.keyboard.press('2');
    await palette.find('image');
    await palette.found.first().waitFor();
    expect(await pageText(page)).not.toMatch(SECRETS);
    await page.keyboard.press('Escape');
    await palette.field.waitFor({ state: 'hidden' });
    await palette.find('zinc');
    await page.getByText('No results').waitFor();
    await page.keyboard.press('Escape');
    await palette.field.waitFor({ state: 'hidden' });
    expect(await seriousViolations(page)).toEqual([]);

    // The verdict reveals them, and undoing it hides them again.
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
    await inspect.pane('Heatmap').getByText('The heatmap is hidden until').waitFor();
    /** Text over the pane is gray. */
    const colored = async () => {
      const pixels = await readPixels(inspect.canvas('Heatmap'));
      return pixels.count((color) => Math.max(...color) - Math.min(...color) > 40);
    };
    await expect.poll(colored, TIMEOUT).toBe(0);
    await inspect.canvas('Overlay').hover();
    expect(await inspect.readout.innerText()).not.toMatch(SCORE);
    await page.screenshot({ path: join(SHOTS, 'blind-without-heatmap.png') });

    await page.keyboard.press('r');
    await expect.poll(shown).toContain('Image 2');
    await page.keyboard.press('End');
    await expect.poll(shown).toContain('Image 4');
    await expect.poll(progress).toContain('1/4');
    await page.reload();
    await expect.poll(shown, TIMEOUT).toContain('Image 2');
    const route = await page.evaluate<string>('location.hash');
    await page.close();

    await app.killHost();
    page = await app.open(route);
    inspect = new InspectPage(page);
    review = new ReviewPage(page);
    await expect.poll(shown, TIMEOUT).toContain('Image 2');
    await expect.poll(progress).toContain('1/4');
    for (const key of ['a', 'a', 'a']) await page.keyboard.press(key);
    await review.summary.waitFor();
    await page.keyboard.press('Escape');
    await review.summary.waitFor({ state: 'hidden' });
    await expect.poll(colored, TIMEOUT).toBeGreaterThan(100);
  }, 240_000);
});
