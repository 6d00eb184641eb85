import { join } from 'node:path';
import sharp from 'sharp';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { importMvtec } from './fixtures/fixture-dataset.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { LibraryPage } from './pages/library.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };

/** A 12-bit texture in a 16-bit file, as industrial cameras write it. */
async function twelveBits(side: number): Promise<Buffer> {
  const values = Uint16Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return 1700 + 1500 * Math.sin(0.9 * x) * Math.cos(0.9 * y);
  });
  return await sharp(values, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
}

async function importDatasets(folder: string): Promise<void> {
  await writeFiles({
    [join(folder, 'steel/steel/test/good/1.png')]: await twelveBits(128),
    [join(folder, 'steel/steel/test/good/2.png')]: await weave(128, 2),
    [join(folder, 'cloth/linen/test/good/tall.png')]: await sharp(await weave(128, 3))
      .resize(128, 2048, { fit: 'fill' })
      .png()
      .toBuffer(),
    [join(folder, 'cloth/linen/test/hole/4.png')]: await weave(256, 4, [{ x: 90, y: 60, radius: 8 }]),
  });
  for (const name of ['steel', 'cloth']) await importMvtec(join(folder, name));
}

describe('unusual images and addresses', () => {
  const app = useApp({ prepare: importDatasets });
  let page: Page;

  const open = async (hash: string) => (page = await app.open(hash));

  it('shows a 12-bit image in a 16-bit file at full brightness and adjusts window and level', async () => {
    await open('#/inspect?dataset=1&image=1');
    const inspect = new InspectPage(page);
    await inspect.selected.waitFor();
    await page.keyboard.press('F3');
    const bright = async () => (await inspect.pixels('Input')).count(([red]) => red > 150);
    await expect.poll(bright, TIMEOUT).toBeGreaterThan(1000);
    // An image that uses all levels is not stretched.
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => inspect.pane('Input').innerText(), TIMEOUT).not.toContain('Levels');
    let before = 0;
    // The image is drawn when its brightness no longer changes.
    await expect
      .poll(async () => {
        const previous = before;
        before = await bright();
        return before > 1000 && before === previous;
      }, TIMEOUT)
      .toBe(true);
    await page.getByRole('button', { name: /^Display/ }).click();
    await page.getByRole('slider', { name: /^Level/ }).fill('250');
    await expect.poll(bright, TIMEOUT).toBeLessThan(before / 2);
    await expect.poll(() => inspect.pane('Input').innerText(), TIMEOUT).toContain('Levels');
    await page.getByRole('button', { name: 'Reset display range' }).click();
    await expect.poll(bright, TIMEOUT).toBe(before);
  });

  it('keeps a tall thumbnail in its cell', async () => {
    await open('#/library?dataset=2');
    const library = new LibraryPage(page);
    const cell = library.thumbnails.filter({ hasText: 'tall.png' });
    await cell.locator('img').waitFor();
    const [picture, whole] = [await cell.locator('.picture').boundingBox(), await cell.boundingBox()];
    const image = await cell.locator('img').boundingBox();
    expect(image?.height).toBe(picture?.height);
    expect(whole?.height).toBeLessThan(2 * (picture?.height ?? 0));
  });

  it('zooms to regions by key', async () => {
    await open('#/inspect?dataset=2&image=4');
    const inspect = new InspectPage(page);
    await inspect.inspected(2);
    await inspect.regions.first().waitFor();
    const fitted = await inspect.zoomPercent();
    await page.keyboard.press('j');
    await expect.poll(() => inspect.zoomPercent(), TIMEOUT).toBeGreaterThan(fitted);
    expect(await inspect.regions.first().getAttribute('aria-current')).toBe('true');
  });

  it('reports an address with an unknown dataset or image', async () => {
    await open('#/inspect?dataset=99');
    const notices = page.getByRole('status', { name: 'Notices' });
    await notices.getByText('The dataset in this address is no longer in the library').waitFor();
    await new InspectPage(page).selected.waitFor();
    await page.evaluate("location.hash = '#/inspect?dataset=77'");
    await expect.poll(() => page.getByText('Nothing to inspect yet').count()).toBe(0);
    await page.evaluate("location.hash = '#/inspect?dataset=1&image=999'");
    await notices.getByText('The image in this address is no longer in the library').waitFor();
    await page.evaluate("location.hash = '#/nowhere?dataset=1'");
    await expect.poll(() => page.evaluate('location.hash'), TIMEOUT).toMatch(/^#\/library/);
  });

  it('shows an active filter on every screen, and clears it with its dataset', async () => {
    await open('#/inspect?dataset=2&kind=hole');
    const inspect = new InspectPage(page);
    await expect.poll(() => inspect.cells.count(), TIMEOUT).toBe(1);
    await page.getByRole('button', { name: 'Filtered' }).waitFor();
    await page.getByRole('button', { name: /^Dataset and class/ }).click();
    await page
      .getByRole('menuitemradio', { name: /^steel/ })
      .first()
      .click();
    await expect.poll(() => inspect.cells.count(), TIMEOUT).toBe(2);
    expect(await page.getByRole('button', { name: 'Filtered' }).count()).toBe(0);
  });
});
