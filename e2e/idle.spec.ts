import { join } from 'node:path';
import sharp from 'sharp';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { perch } from '../src-main/test/perch.ts';
import { useApp } from './harness/use-app.ts';
import { ComparePage } from './pages/compare.ts';
import { LibraryPage } from './pages/library.ts';
import { writeFiles, weave } from './fixtures/textures.ts';
import { trafficOf } from './harness/traffic.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };

/** A mask of the upper half of an image. */
async function halfMask(side: number): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side).fill(255, 0, (side * side) / 2);
  return await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Writes three datasets to import. */
async function writeFolders(folder: string): Promise<void> {
  for (const [at, name] of ['linen', 'wool', 'silk'].entries())
    await writeFiles({
      [join(folder, name, name, 'test/good/1.png')]: await weave(96, 10 * at + 1),
      [join(folder, name, name, 'test/hole/2.png')]: await weave(96, 10 * at + 2, [
        { x: 40, y: 40, radius: 9 },
      ]),
      [join(folder, name, name, 'ground_truth/hole/2_mask.png')]: await halfMask(96),
    });
}

describe('a window that stays open', () => {
  const app = useApp({ prepare: writeFolders, keepPages: true });
  let page: Page;
  let library: LibraryPage;

  beforeAll(async () => {
    page = await app.open('');
    library = new LibraryPage(page);
    await library.empty.waitFor();
  });

  const metrics = async (textureClass: string) =>
    (await new ComparePage(page).row(textureClass)).filter((cell) => /\d/.test(cell)).length;

  it('sends no requests after two imports', async () => {
    await library.importPath(join(app.folder, 'linen'));
    await library.dataset('linen').waitFor();
    await library.importPath(join(app.folder, 'wool'));
    await library.dataset('wool').waitFor();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('2 images');
    expect(await trafficOf(page).settle()).toBeUndefined();
  });

  it('shows metrics in Compare when a run has ended', async () => {
    await page.keyboard.press('5');
    await page.getByText('No method has results for wool yet').waitFor();
    await page.keyboard.press('1');
    await library.inspect.click();
    await page.keyboard.press('5');
    await expect.poll(() => metrics('wool'), TIMEOUT).toBe(1);
  });

  it('shows runs and datasets of the command line', async () => {
    const run = await perch('runs', 'start', 'wool', '--method', 'saliency-rc');
    expect(run.code, run.stderr).toBe(0);
    await expect.poll(() => metrics('wool'), TIMEOUT).toBe(2);
    expect((await perch('datasets', 'import', join(app.folder, 'silk'))).code).toBe(0);
    await page.keyboard.press('1');
    await library.dataset('silk').waitFor();
  });
});
