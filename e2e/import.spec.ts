import { link, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { onDesktop } from './harness/desktop.ts';
import { useApp } from './harness/use-app.ts';
import { LibraryPage } from './pages/library.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const MANY = 800;

/** Writes the folders to import. */
async function writeFolders(folder: string): Promise<void> {
  const whole = await weave(128, 1);
  await writeFiles({
    [join(folder, 'linen/test/good/1.png')]: whole,
    [join(folder, 'linen/test/hole/2.png')]: await weave(128, 2, [{ x: 40, y: 40, radius: 9 }]),
    [join(folder, 'linen/test/hole/truncated.png')]: (await weave(128, 3)).subarray(0, 9000),
    [join(folder, 'linen/ground_truth/hole/2_mask.png')]: await weave(64, 1),
    [join(folder, 'loose/Tür 1.png')]: await weave(64, 4),
    [join(folder, 'loose/notes.txt')]: Buffer.from('no image'),
    [join(folder, 'shift/1.png')]: whole,
    [join(folder, 'many/1.png')]: await weave(512, 5),
  });
  for (let copy = 2; copy <= MANY; copy++)
    await link(join(folder, 'many/1.png'), join(folder, 'many', `${copy}.png`));
}

describe('importing', () => {
  const app = useApp({ prepare: writeFolders });
  let page: Page;
  let library: LibraryPage;

  beforeEach(async () => {
    page = await app.open('');
    library = new LibraryPage(page);
    await library.empty.or(library.count).waitFor();
  });

  /** Number of rows in a table of the store. */
  function rows(table: 'datasets' | 'images' | 'blobs'): number {
    const database = new Database(join(app.host.home, 'perch.db'), { readonly: true });
    const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
    database.close();
    return count;
  }

  /** Copies of uploaded files. The desktop imports files in place. */
  const uploads = async () => (onDesktop ? [] : await readdir(join(app.host.home, 'imports')));

  it('shows a preview of a dropped folder before anything is written, and lists problems', async () => {
    await library.drop([join(app.folder, 'linen')]);
    await library.preview.waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('linen');
    expect(await page.getByLabel('Layout').inputValue()).toBe('mvtec');
    expect(await library.preview.getByRole('row', { name: /^linen 3 – 1 1 1 –/ }).count()).toBe(1);
    expect(rows('datasets')).toBe(0);
    await page.keyboard.press('Escape');
    await library.preview.waitFor({ state: 'hidden' });
    expect(await library.empty.isVisible()).toBe(true);

    await library.drop([join(app.folder, 'linen')]);
    await library.start.click();
    await library.imported.waitFor();
    const text = await library.imported.innerText();
    expect(text).toMatch(/1 unreadable\s+.*truncated\.png/);
    expect(text).toMatch(/1 with a mask of a different size\s+.*2_mask\.png[\s\S]*64 x 64/);
    await page.keyboard.press('Escape');
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('2 images');
  });

  it('imports single files and reports if none is an image', async () => {
    await library.drop([join(app.folder, 'loose/notes.txt')]);
    await page.getByRole('alert').filter({ hasText: 'No supported image files' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // The page accepts drops shortly after the dialog has closed.
    await expect
      .poll(() => page.evaluate('getComputedStyle(document.body).pointerEvents'), TIMEOUT)
      .toBe('auto');
    await library.drop([join(app.folder, 'loose/Tür 1.png'), join(app.folder, 'loose/notes.txt')]);
    await library.preview.waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Türen');
    await library.start.click();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('1 image');
    expect(await library.thumbnails.innerText()).toContain('Tür 1.png');
    expect(await library.dataset('Türen').getAttribute('aria-current')).toBe('true');
  });

  it('keeps nothing of a canceled import and returns to the preview', async () => {
    const before = [rows('datasets'), rows('images'), rows('blobs')];
    await page.keyboard.press('Control+o');
    await library.path.and(page.locator(':focus')).waitFor();
    await page.keyboard.type(join(app.folder, 'none'));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'does not exist' }).waitFor();
    expect(await library.path.inputValue()).toBe(join(app.folder, 'none'));
    await page.keyboard.press('Escape');
    await library.path.waitFor({ state: 'hidden' });
    await library.scan(join(app.folder, 'many'));
    await page.getByLabel('Name', { exact: true }).fill('roll 7');
    await library.start.click();
    await library.importing.getByText(/^Reading [1-9]/).waitFor();
    await library.importing.getByRole('button', { name: 'Cancel' }).click();
    await library.preview.waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('roll 7');
    await page.keyboard.press('Escape');
    await expect.poll(() => [rows('datasets'), rows('images'), rows('blobs')], TIMEOUT).toEqual(before);
    expect(await library.dataset('roll 7').count()).toBe(0);
  });

  it('changes the location of a moved dataset', async () => {
    await library.importPath(join(app.folder, 'shift'));
    await library.dataset('shift').waitFor();
    await rename(join(app.folder, 'shift'), join(app.folder, 'archive'));
    await library.choose('shift', 'Change location…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Folder').fill(app.folder);
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').filter({ hasText: 'does not contain the images of shift' }).waitFor();
    await dialog.getByLabel('Folder').fill(join(app.folder, 'archive'));
    await page.keyboard.press('Enter');
    await dialog.getByText('All files are present and unchanged.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('renames and removes a dataset with its uploaded copies', async () => {
    await library.choose('linen', 'Rename…');
    await page.getByRole('dialog').getByLabel('Name').fill('Türen');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Türen' }).waitFor();
    await page.getByRole('dialog').getByLabel('Name').fill('Halle 3');
    await page.keyboard.press('Enter');
    await library.dataset('Halle 3').waitFor();
    const queryStore = await uploads();
    await library.choose('Halle 3', 'Remove…');
    const question = page.getByRole('alertdialog');
    // The dialog takes the focus after it has opened.
    await question
      .locator(':focus')
      .or(question.and(page.locator(':focus')))
      .first()
      .waitFor();
    await question.getByRole('button', { name: 'Remove' }).press('Enter');
    await library.dataset('Halle 3').waitFor({ state: 'detached' });
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('1 image');
    if (onDesktop) expect(await readdir(join(app.folder, 'linen'))).toHaveLength(2);
    else await expect.poll(async () => (await uploads()).length, TIMEOUT).toBe(queryStore.length - 1);
  });
});
