// Takes the documentation's pictures in headless Chromium: npm run docs:pictures

import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { TestApp } from '../e2e/harness/test-app.ts';
import { InspectPage } from '../e2e/pages/inspect.ts';
import { RecipePage } from '../e2e/pages/recipe.ts';
import { ReviewPage } from '../e2e/pages/review.ts';
import { StationPage } from '../e2e/pages/station.ts';
import { perch } from '../src-main/test/perch.ts';

const root = join(import.meta.dirname, '..');
const METHODS = ['--method', 'default', '--method', 'saliency-rc'];

/** Images in import order: by class, then by path within a class. */
const LEATHER_CRACK = 8;
const STEEL_CONTAMINATION = 15;
const IMAGES_OF_LEATHER = 7;

/** A folder of a station, and the leather that arrives in it. */
const LINE = join(tmpdir(), 'line-3');
const ARRIVING = [
  'good/000.png',
  'stain/000.png',
  'good/001.png',
  'scratch/000.png',
  'hole/000.png',
  'crack/000.png',
];

const app = await TestApp.start({
  prepare: async () => {
    await run('datasets', 'import', join(root, 'assets/samples'), '--layout', 'mvtec');
    await run('runs', 'start', 'samples', ...METHODS);
    await run('evaluate', 'samples', ...METHODS);
  },
});
try {
  await take('library', '#/library?dataset=1', (page) => settled(page, 49));
  await take('inspect', `#/inspect?dataset=1&class=leather&image=${LEATHER_CRACK}`, async (page) => {
    await new InspectPage(page).inspected(IMAGES_OF_LEATHER);
    await settled(page, 0);
  });
  await take('annotate', `#/annotate?dataset=1&class=leather&image=${LEATHER_CRACK}`, (page) =>
    settled(page, 0),
  );
  await take('runs', '#/runs?dataset=1', (page) => settled(page, 0));
  await take('compare', `#/compare?dataset=1&image=${STEEL_CONTAMINATION}`, async (page) => {
    await page.getByRole('button', { name: 'PRO', exact: true }).click();
    await settled(page, 0);
  });
  await take('recipe', '#/recipe?dataset=1&class=leather', async (page) => {
    const recipe = new RecipePage(page);
    await page.getByRole('button', { name: 'Create recipe…' }).waitFor();
    await recipe.create('Leather, brown', 'A. Weber');
    await recipe.chart.waitFor();
    await recipe.rule('No escape').click();
    await recipe.save.click();
    await recipe.save.waitFor({ state: 'hidden' });
    await settled(page, 0);
  });
  await take('station', '#/station', async (page) => {
    const station = new StationPage(page);
    await mkdir(LINE, { recursive: true });
    await station.create('Line 3', LINE);
    for (const [at, file] of ARRIVING.entries()) {
      await cp(join(root, 'assets/samples/leather/test', file), join(LINE, `${4711 + at}.png`));
      await station.pieces.nth(at).waitFor();
    }
    await settled(page, 0);
  });
  await take('settings', '#/settings', (page) => settled(page, 0));
  await take('review', `#/inspect?dataset=1&class=leather&image=${LEATHER_CRACK}`, async (page) => {
    await new InspectPage(page).inspected(IMAGES_OF_LEATHER);
    const review = new ReviewPage(page);
    await review.start('Ada');
    await review.verdict('Reject').click();
    await settled(page, 0);
  });
  if (app.problems.length > 0) throw new Error(app.problems.join('\n'));
} finally {
  await app.stop();
  await rm(LINE, { recursive: true, force: true });
}

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await perch(...args);
  if (code !== 0) throw new Error(`perch ${args.join(' ')}: ${stderr}`);
}

async function take(name: string, route: string, ready: (page: Page) => Promise<void>): Promise<void> {
  const page = await app.open(route);
  await ready(page);
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toBuffer();
  await writeFile(join(import.meta.dirname, 'images', `${name}.png`), picture);
  await page.close();
  console.log(`docs/images/${name}.png`);
}

/** Waits for thumbnails and pixels, because no element announces them. */
async function settled(page: Page, images: number): Promise<void> {
  if (images > 0) await page.getByText(`${images} images`).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.mouse.move(640, 20);
  await page.waitForTimeout(2500);
}
