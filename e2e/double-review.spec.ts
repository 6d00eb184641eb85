import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { queryStore } from './fixtures/query-store.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
/** Images whose ground truth is unknown. */
const IMAGES = ['1', '2', '3'].map((name) => ({ defectType: 'mixed', name, blemishes: [], masked: false }));

describe('a double review', () => {
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

  const shown = async () => (await inspect.title.innerText()).replaceAll('\n', '');
  const progress = () => review.progress.innerText();
  const leaveSummary = async () => {
    await review.summary.waitFor();
    await page.keyboard.press('Escape');
    await review.summary.waitFor({ state: 'hidden' });
  };

  it('is adjudicated into ground truth by keyboard, through a crash in the middle', async () => {
    await open('#/inspect');
    await page.keyboard.press('u');
    await review.operator.fill('Ada');
    await review.second.fill('Bo');
    await page.getByText('Both review all 3 images.').waitFor();
    await review.overlap.fill('34');
    await page.getByText('2 images by both, 0 or 1 more by each.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await review.overlap.fill('100');
    await review.operator.press('Enter');
    await review.starting.waitFor({ state: 'hidden' });
    await expect.poll(progress).toContain('Ada');
    for (const place of [2, 3]) {
      await page.keyboard.press('a');
      await expect.poll(shown).toContain(`Image ${place}`);
    }
    await page.keyboard.press('a');
    await leaveSummary();

    await review.resume('Bo');
    await expect.poll(progress, TIMEOUT).toContain('0/3');
    await expect.poll(shown).toContain('Image 1');
    const verdictCount = () => queryStore(app.host.home, 'SELECT count(*) FROM verdicts');
    const before = Number(verdictCount());
    await page.keyboard.press('a');
    await expect.poll(verdictCount).toBe(before + 1);
    await page.close();
    await app.killHost();
    await open('#/inspect');
    await review.resume('Bo');
    await expect.poll(progress, TIMEOUT).toContain('1/3');
    await expect.poll(shown).toContain('Image 2');
    await page.keyboard.press('r');
    await expect.poll(shown).toContain('Image 3');
    await page.keyboard.press('r');

    // The session of the other operator of the group is compared right away.
    await review.summary.waitFor();
    await expect.poll(() => review.disagreements.count(), TIMEOUT).toBe(2);
    expect(await review.summary.innerText()).toMatch(
      /3 images reviewed by both, 33 % identical\s+Cohen’s κ 0\.000/,
    );
    await page.getByRole('textbox', { name: 'Adjudicator' }).fill('Cy');
    await page.keyboard.press('Enter');
    await review.summary.waitFor({ state: 'hidden' });
    await expect.poll(progress, TIMEOUT).toMatch(/Cy\s*0\/2/);
    const verdicts = page.getByLabel('Verdicts of both operators');
    expect((await verdicts.innerText()).replaceAll(/\s+/g, ' ')).toBe('Ada Accept Bo Reject');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('a');
    await expect.poll(progress, TIMEOUT).toContain('1/2');
    await page.keyboard.press('r');

    await review.summary.waitFor();
    const adopt = page.getByRole('button', { name: 'Add 2 images to the ground truth' });
    await adopt.waitFor();
    expect(await review.summary.innerText()).toMatch(/1\s+rejected without a mask/);
    expect(await seriousViolations(page)).toEqual([]);
    await adopt.press('Enter');
    await page.getByText('2 images became normal, by Cy.').waitFor();
    const adopted = `SELECT count(*) FROM revisions WHERE source = 'adjudicated' AND author = 'Cy' AND ground_truth = 'normal'`;
    expect(queryStore(app.host.home, adopted)).toBe(2);
    await page.getByRole('list', { name: 'Rejected without a mask' }).getByRole('button').press('Enter');
    await page.getByRole('main', { name: 'Annotate' }).waitFor();
    await expect.poll(shown).toMatch(/mixed\/[123]\.png/);
  }, 240_000);
});
