import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { startBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import { ComparePage } from './pages/compare.ts';
import { LibraryPage } from './pages/library.ts';
import { lay, weave } from './textures.ts';
import { trafficOf } from './traffic.ts';
import { enter, openWindow } from './window.ts';

const browser = await startBrowser();
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const PATIENCE = { timeout: 60_000, interval: 100 };

/** A mask that marks the upper half of an image. */
async function halfMask(side: number): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side).fill(255, 0, (side * side) / 2);
  return await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

describe('a window that stays open', () => {
  let folder: string;
  let host: Host;
  let context: BrowserContext;
  let page: Page;
  let library: LibraryPage;
  let problems: string[];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
    for (const [seed, name] of ['linen', 'wool', 'silk'].entries())
      await lay({
        [join(folder, name, name, 'test/good/1.png')]: await weave(96, 10 * seed + 1),
        [join(folder, name, name, 'test/hole/2.png')]: await weave(96, 10 * seed + 2, [
          { x: 40, y: 40, radius: 9 },
        ]),
        [join(folder, name, name, 'ground_truth/hole/2_mask.png')]: await halfMask(96),
      });
    host = await startHost();
    process.env.PERCH_HOME = host.home;
    context = await enter(browser, host);
    problems = [];
    page = await openWindow(context, host, '', problems);
    library = new LibraryPage(page);
    await library.empty.waitFor();
  });

  afterEach(async ({ task }) => {
    await page.screenshot({ path: join(SHOTS, `${task.name.replaceAll(/\W+/g, '-')}.png`) });
  });

  afterAll(async () => {
    await page.close();
    expect(problems).toEqual([]);
    await browser.close();
    await host?.stop();
    delete process.env.PERCH_HOME;
    await rm(folder, { recursive: true, force: true });
  });

  const metrics = async (textureClass: string) =>
    (await new ComparePage(page).row(textureClass)).filter((cell) => /\d/.test(cell)).length;

  it('asks for nothing after one import and another', async () => {
    await library.importPath(join(folder, 'linen'));
    await library.dataset('linen').waitFor();
    await library.importPath(join(folder, 'wool'));
    await library.dataset('wool').waitFor();
    await expect.poll(() => library.count.innerText(), PATIENCE).toBe('2 images');
    expect(await trafficOf(page).settle()).toBeUndefined();
  });

  it('shows metrics in Compare once its run has ended', async () => {
    await page.keyboard.press('5');
    await page.getByText('No method has results on wool yet').waitFor();
    await page.keyboard.press('1');
    await library.inspect.click();
    await page.keyboard.press('5');
    await expect.poll(() => metrics('wool'), PATIENCE).toBe(1);
  });

  it('shows what the command line did: a run, a dataset, a setting', async () => {
    const run = await perch('runs', 'start', 'wool', '--method', 'saliency-rc');
    expect(run.code, run.stderr).toBe(0);
    await expect.poll(() => metrics('wool'), PATIENCE).toBe(2);
    expect((await perch('datasets', 'import', join(folder, 'silk'))).code).toBe(0);
    await page.keyboard.press('1');
    await library.dataset('silk').waitFor();
  });
});
