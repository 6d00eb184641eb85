import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { perch } from '../src-main/test/perch.ts';
import { queryStore } from './fixtures/query-store.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'good', name: '2', blemishes: [] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 40, y: 88, radius: 9 }] },
];

describe('reviewing by keyboard', () => {
  const app = useApp({ images: IMAGES });
  let page: Page;
  let inspect: InspectPage;
  let review: ReviewPage;

  async function open(hash: string) {
    page = await app.open(hash);
    inspect = new InspectPage(page);
    review = new ReviewPage(page);
    await inspect.selected.waitFor();
  }

  /** Exports the summary by keyboard. @returns the file's content */
  async function exported(format: 'CSV' | 'JSON'): Promise<string> {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: `Export ${format}` }).focus();
    await page.keyboard.press('Enter');
    return await readFile(await (await saved).path(), 'utf8');
  }

  /** The image's heading: its class, folder and name. */
  const shown = async () => (await inspect.title.innerText()).replaceAll('\n', '');
  const progress = () => review.progress.innerText();

  it('saves every verdict immediately and keeps it through a crash', async () => {
    await open('#/inspect');
    await inspect.inspected(3);
    await review.start('A. Weber', { blind: false });
    expect(await shown()).toContain('1.png');
    await page.keyboard.press('a');
    await expect.poll(shown).toContain('2.png');
    await page.keyboard.press('r');
    await expect.poll(shown).toContain('3.png');
    await expect.poll(progress).toContain('2/3');
    const route = await page.evaluate<string>('location.hash');
    await expect.poll(() => queryStore(app.host.home, 'SELECT count(*) FROM verdicts')).toBe(2);
    await page.close();

    await app.killHost();
    await open(route);
    await expect.poll(progress, TIMEOUT).toContain('2/3');
    await expect.poll(shown).toContain('3.png');
    expect(await inspect.cell('1.png').getAttribute('aria-label')).toContain('accepted');
    expect(await inspect.cell('2.png').getAttribute('aria-label')).toContain('rejected');

    await page.keyboard.press('Control+z');
    await expect.poll(progress, TIMEOUT).toContain('1/3');
    await expect.poll(shown).toContain('2.png');
    await page.keyboard.press('a');
    await expect.poll(shown).toContain('3.png');

    await page.keyboard.press('k');
    await page.keyboard.type('hole');
    await page.keyboard.press('Enter');
    await page.keyboard.press('n');
    await page.keyboard.type('at the seam');
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    await review.summary.waitFor();
    expect(await review.summary.innerText()).toContain('3 of 3 reviewed');
    expect(await review.summary.innerText()).toMatch(/Verdict and ground truth\s+Cohen’s κ 1\.000/);
    expect(await seriousViolations(page)).toEqual([]);

    const table = await exported('CSV');
    expect(table).toContain('A. Weber');
    expect(table).toMatch(/3\.png,reject,reject,hole,at the seam/);
    expect(table).toBe((await perch('reviews', 'export', '1')).stdout);
    expect(await exported('JSON')).toBe((await perch('reviews', 'export', '1', '--format', 'json')).stdout);
    await page.keyboard.press('Escape');
    await review.summary.waitFor({ state: 'hidden' });
    await review.choose('Finish');
    await expect.poll(() => review.verdict('Accept').isDisabled(), TIMEOUT).toBe(true);
  }, 240_000);

  it('advances after a verdict if enabled, compares two operators and opens their disagreements', async () => {
    await open('#/inspect');
    await inspect.inspected(3);
    // Outside a session the latest verdict is shown with its operator.
    await page.getByText('by A. Weber (Review 1)').waitFor();
    await review.start('B. Kaya', { blind: false });
    await review.advance.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('u');
    await expect.poll(progress, TIMEOUT).toContain('1/3');
    expect(await shown()).toContain('1.png');
    await page.reload();
    await expect.poll(() => review.advance.isChecked(), TIMEOUT).toBe(false);
    await review.advance.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Home');
    await expect.poll(shown).toContain('1.png');
    for (const key of ['a', 'u', 'r']) await page.keyboard.press(key);
    await review.summary.waitFor();
    await page.getByLabel('Compare with').selectOption({ index: 1 });
    await expect.poll(() => review.disagreements.count(), TIMEOUT).toBe(1);
    expect(await review.disagreements.innerText()).toContain('2.png');
    await review.disagreements.press('Enter');
    await review.summary.waitFor({ state: 'hidden' });
    await expect.poll(shown).toContain('2.png');
  });

  it('can close a summary before it has loaded', async () => {
    await open('#/inspect');
    await review.start('C. Roth', { blind: false });
    await review.progress.press('Enter');
    await page.getByRole('menuitem', { name: 'Summary and export…' }).first().focus();
    // The dialog opens and closes before an answer can arrive.
    const title = await page.evaluate<string>(`(async () => {
      document.activeElement.click();
      await Promise.resolve();
      const dialog = document.querySelector('.dialog.summary');
      dialog.querySelector('.dialog-footer button:last-child').click();
      return dialog.querySelector('.dialog-title').textContent;
    })()`);
    expect(title).toBe('Summary');
    await page.locator('.dialog.summary').waitFor({ state: 'detached' });
    // The answer to a later call has arrived.
    await page.keyboard.press('a');
    await expect.poll(progress, TIMEOUT).toContain('1/3');
  });
});
