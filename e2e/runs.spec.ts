import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { importMvtec } from './fixtures/fixture-dataset.ts';
import { tabTo } from './harness/keyboard.ts';
import { useApp } from './harness/use-app.ts';
import { RunsPage } from './pages/runs.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
/** A baseline slow enough to be interrupted: at least a second per image of this size. */
const [SLOW, SIDE] = ['bellini', 128];
const IMAGES = 5;

const image = (textureClass: string, at: number) => ({
  textureClass,
  defectType: 'hole',
  name: String(at),
  blemishes: [{ x: 30 + 8 * at, y: 60, radius: 8 }],
});
const linen = Array.from({ length: IMAGES }, (_, at) => image('linen', at));
const felt = [image('felt', 0), image('felt', 1)];

/** Imports a second dataset. */
async function importOther(folder: string): Promise<void> {
  const other = join(folder, 'other');
  await writeFiles({ [join(other, 'jute/test/good/0.png')]: await weave(SIDE, 99) });
  await importMvtec(other);
}

describe('the Runs screen by keyboard', () => {
  const app = useApp({ images: [...linen, ...felt], side: SIDE, prepare: importOther });
  let page: Page;
  let runs: RunsPage;

  beforeEach(open);

  async function open() {
    page = await app.open('');
    runs = new RunsPage(page);
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await page.keyboard.press('4');
    await runs.start.waitFor();
  }

  const rowText = async (at: number) => (await runs.row(at).innerText()).replaceAll(/\s+/g, ' ');

  it('starts a run of classes, a preset and a built method, and shows its estimate', async () => {
    await runs.chooseDataset('other');
    await page.getByText('Dataset other').waitFor();
    await runs.chooseDataset('cloth');
    await runs.toggleClass('felt');
    await runs.tickPreset('default');
    await expect.poll(() => runs.needs.innerText(), TIMEOUT).toMatch(/^2 items: about .* \(estimated\)$/);

    await runs.choose('Extractor', 'Laws');
    await runs.choose('Statistic', 'Mom');
    expect(await page.getByRole('combobox', { name: /^Reference/ }).inputValue()).toBe('global');
    await runs.choose('Reference', 'k-NN');
    await runs.expandParameters();
    await runs.type(runs.number('Resize to'), '64');
    await runs.type(runs.number('Patch size'), '8');
    await page.getByText('An odd number from 3 to 31, or empty.').waitFor();
    await runs.type(runs.number('σ'), '4');
    await runs.type(runs.number('Neighbors'), '0');
    await page.getByText('A whole number from 1 to 1000000.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await runs.type(runs.number('Neighbors'), '5');

    await runs.add();
    await runs.number('Patch size').and(page.locator(':focus')).waitFor();
    expect(await runs.built.count()).toBe(0);
    await runs.type(runs.number('Patch size'), '5');
    await runs.add();
    await expect.poll(() => runs.built.allInnerTexts()).toEqual(['laws, moments, knn:5, T 5, σ 4, 64 px']);
    await expect.poll(() => runs.needs.innerText(), TIMEOUT).toMatch(/^4 items/);

    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(() => rowText(0), TIMEOUT).toContain('4 / 4 Done');
    await expect.poll(() => runs.items.count(), TIMEOUT).toBe(1 + 4);
    await runs.toggleClass('felt');
    await runs.toggleClass('linen');
    await expect
      .poll(() => runs.needs.innerText(), TIMEOUT)
      .toMatch(/^10 items: about .* \(measured on this machine\)$/);
  });

  it('sets the seed of the extractor and the numbers of the reference', async () => {
    await runs.chooseDataset('cloth');
    await runs.choose('Extractor', 'Rand');
    await runs.choose('Reference', 'Rand');
    await runs.expandParameters();
    await runs.type(runs.number('Seed', 'Extractor'), '7');
    await runs.type(runs.number('Count'), '3');
    await runs.type(runs.number('Seed', 'Reference'), '9');
    await runs.add();
    await expect.poll(() => runs.built.allInnerTexts()).toEqual(['random:7, fca, random:3:9, T 9']);
  });

  it('pauses, resumes and cancels a run without moving the focus', async () => {
    await runs.chooseDataset('cloth');
    await runs.toggleClass('linen');
    await runs.tickPreset(SLOW);
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await runs.progress(0)).ended, TIMEOUT).toBeGreaterThan(0);
    await runs.act(0, 'Pause');
    await expect.poll(() => rowText(0), TIMEOUT).toContain('Paused');
    const { ended, total } = await runs.progress(0);
    expect(total).toBe(IMAGES);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await runs.progress(0)).ended, TIMEOUT).toBeGreaterThan(ended);
    await runs.act(0, 'Cancel');
    await expect.poll(() => rowText(0), TIMEOUT).toContain('Canceled');
    const kept = await page.getByRole('button', { name: /^Done \d/ }).innerText();
    expect(Number(kept.match(/\d+/)?.[0])).toBeGreaterThan(ended);
    // The same button now removes the run. Its results are kept and reused.
    await runs.act(0, 'Remove from list');
    await expect.poll(() => runs.needs.innerText(), TIMEOUT).not.toContain(`${IMAGES} items`);
  });

  it('lists a failed image with its error and retries it', async () => {
    const file = join(app.folder, 'cloth', 'felt', 'test', 'hole', '1.png');
    const bytes = await readFile(file);
    await writeFile(file, 'not what was imported');
    await runs.chooseDataset('cloth');
    await runs.toggleClass('felt');
    await runs.tickPreset('saliency-rc');
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(() => rowText(0), TIMEOUT).toContain('2 / 2 Done · ▲ 1 failed');
    const failed = runs.items.filter({ hasText: 'hole/1.png' });
    await expect.poll(() => failed.innerText(), TIMEOUT).toContain('has changed since it was imported');
    expect(await seriousViolations(page)).toEqual([]);

    await writeFile(file, bytes);
    await runs.act(0, /^Retry failed/);
    await expect.poll(() => rowText(0), TIMEOUT).toMatch(/2 \/ 2 Done(?! ·)/);
  });

  it('resumes runs after a crash without losing results', async () => {
    await runs.chooseDataset('cloth');
    await runs.toggleClass('linen');
    await runs.choose('Statistic', 'SWW');
    await runs.add();
    await runs.tickPreset(SLOW);
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
    await expect.poll(() => rowText(0), TIMEOUT).toMatch(/bellini.*sww/);
    await expect.poll(async () => (await runs.progress(0)).ended, TIMEOUT).toBeGreaterThan(0);
    const { ended, total } = await runs.progress(0);
    await page.close();
    await app.killHost();
    await open();
    await expect.poll(() => runs.rows.count(), TIMEOUT).toBeGreaterThan(1);
    expect((await runs.progress(0)).ended).toBeGreaterThanOrEqual(ended);
    await expect.poll(() => rowText(0), TIMEOUT).toContain(`${total} / ${total} Done`);
    expect(await rowText(0)).not.toContain('failed');
    await runs.open(0);
    await expect.poll(() => runs.items.count(), TIMEOUT).toBe(1 + total);
  });
});
