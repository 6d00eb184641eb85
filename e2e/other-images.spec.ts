import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importMvtec, maskPng } from './fixtures/fixture-dataset.ts';
import { weave, writeFiles } from './fixtures/textures.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { tabTo } from './harness/keyboard.ts';
import { useApp } from './harness/use-app.ts';
import { ComparePage } from './pages/compare.ts';
import { RunsPage } from './pages/runs.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 96;
const hole = [{ x: 40, y: 50, radius: 9 }];

/** Imports `mill`: `linen` with normal images, and `felt` without. */
async function importMill(folder: string): Promise<void> {
  const mill = join(folder, 'mill');
  for (const textureClass of ['linen', 'felt']) {
    const root = join(mill, textureClass);
    await writeFiles({
      [join(root, 'test/good/0.png')]: await weave(SIDE, 1),
      [join(root, 'test/good/1.png')]: await weave(SIDE, 2),
      [join(root, 'test/hole/2.png')]: await weave(SIDE, 3, hole),
      [join(root, 'ground_truth/hole/2_mask.png')]: await maskPng(SIDE, hole),
    });
  }
  for (const at of [0, 1])
    await writeFiles({ [join(mill, `linen/train/good/${at}.png`)]: await weave(SIDE, 10 + at) });
  await importMvtec(mill);
}

const app = useApp({ prepare: importMill });

async function openRuns() {
  const page = await app.open('');
  const runs = new RunsPage(page);
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.keyboard.press('4');
  await runs.start.waitFor();
  const rowText = async () => (await runs.row(0).innerText()).replaceAll(/\s+/g, ' ');
  const start = async () => {
    await tabTo(runs.start);
    await page.keyboard.press('Enter');
  };
  return { page, runs, rowText, start };
}

it('builds, runs and compares methods that compare an image with others, by keyboard', async () => {
  const { page, runs, rowText, start } = await openRuns();
  await runs.toggleClass('linen');
  await runs.choose('Reference', 'Median of');
  await page.getByText('Needs normal training images in each class').waitFor();
  await runs.add();
  await runs.choose('Statistic', 'Nearest');
  await runs.add();
  await runs.choose('Statistic', 'Mutual');
  await page.getByText('Compares each test image with the other test images').waitFor();
  await runs.add();
  await expect.poll(() => runs.built.count()).toBe(3);
  const [reference, nearest, mutual] = await runs.built.allInnerTexts();
  expect(reference).toMatch(/^gabor, fca, median of normal images/);
  expect(nearest).toMatch(/^gabor, nearest/);
  expect(mutual).toMatch(/^gabor, mutual/);
  await expect.poll(() => runs.needs.innerText(), TIMEOUT).toMatch(/^9 items: about /);
  expect(await seriousViolations(page)).toEqual([]);

  await start();
  await expect.poll(rowText, TIMEOUT).toMatch(/9 \/ 9 Done(?! ·)/);

  await page.keyboard.press('5');
  const compare = new ComparePage(page);
  await expect
    .poll(async () => (await compare.row('linen')).filter((cell) => /\d/.test(cell)).length, TIMEOUT)
    .toBe(3);
});

it('skips a class without normal images, and refuses a run of nothing else', async () => {
  const { page, runs, rowText, start } = await openRuns();
  await runs.toggleClass('felt');
  await runs.choose('Statistic', 'Nearest');
  await runs.add();
  await start();
  const refusal = page
    .getByRole('alert')
    .filter({ hasText: 'cannot inspect the class "felt": It compares images with normal images' });
  await refusal.waitFor();
  // The estimate may arrive after the refusal.
  await page.getByText('gabor, nearest skips felt.').waitFor(TIMEOUT);
  await page.getByText('No image is left to inspect.').waitFor();
  expect(await refusal.count()).toBe(1);
  await runs.toggleClass('linen');
  await expect.poll(() => refusal.count()).toBe(0);
  await start();
  await expect.poll(rowText, TIMEOUT).toMatch(/3 \/ 3 Done · classes skipped/);
  await page
    .getByRole('region', { name: /^Items of run/ })
    .getByText('skips felt. It compares images with normal images')
    .waitFor();
});
