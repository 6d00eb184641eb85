import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { LibraryPage } from './pages/library.ts';
import { Palette } from './pages/palette.ts';

const SAMPLES = join(import.meta.dirname, '..', 'assets', 'samples');
const TIMEOUT = { timeout: 60_000, interval: 100 };

describe('the Library screen', () => {
  const app = useApp();
  let page: Page;
  let library: LibraryPage;

  beforeEach(open);

  async function open() {
    page = await app.open('');
    library = new LibraryPage(page);
  }

  it('imports a folder by keyboard and shows its images', async () => {
    await library.empty.waitFor();
    await library.importPath(SAMPLES);
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    const pictures = library.thumbnails.locator('img');
    await expect
      .poll(
        () =>
          pictures.first().evaluate((picture: unknown) => (picture as { naturalWidth: number }).naturalWidth),
        TIMEOUT,
      )
      .toBeGreaterThan(0);
  });

  it('filters by facets and restores the view from its address', async () => {
    await library.facet('Class', 'leather').check();
    await library.facet('Defect type', 'scratch').focus();
    await page.keyboard.press('Space');
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('2 of 7 images');
    await expect.poll(() => page.url(), TIMEOUT).toContain('kind=scratch');
    await page.reload();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('2 of 7 images');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('7 images');
  });

  it('moves and selects by keyboard and inspects the selection', async () => {
    await library.facet('Class', 'leather').check();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('7 images');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await library.inspect.innerText()).toContain('Inspect 2 selected images');
    await library.inspect.click();
    await expect.poll(() => library.thumbnails.filter({ hasText: /0\.\d/ }).count(), TIMEOUT).toBe(2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('#/inspect');
  });

  it('selects single images and ranges by pointer', async () => {
    await library.facet('Class', 'leather').check();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('7 images');
    await library.thumbnails.nth(1).click();
    await library.thumbnails.nth(3).click({ modifiers: ['Shift'] });
    await library.thumbnails.nth(5).click({ modifiers: ['ControlOrMeta'] });
    await library.thumbnails.nth(2).click({ modifiers: ['ControlOrMeta'] });
    expect(await library.inspect.innerText()).toContain('Inspect 3 selected images');
    await library.thumbnails.nth(0).click();
    expect(await library.inspect.innerText()).toContain('Inspect 7 images');
  });

  it('goes back and forward in history and restores the view on reload', async () => {
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    await library.facet('Class', 'leather').check();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('7 images');
    await page.getByLabel('Sort by').selectOption('score');
    await library.thumbnails.nth(2).click();
    const currentName = async () => /\S+\.png/.exec(await library.current.innerText())?.[0] ?? '';
    const name = await currentName();
    await page.keyboard.press('2');
    const title = page.getByRole('heading', { level: 1 });
    await expect.poll(() => title.innerText(), TIMEOUT).toContain(name);
    await page.keyboard.press('5');
    await page.getByRole('main', { name: 'Compare' }).waitFor();

    await page.goBack();
    await page.getByRole('main', { name: 'Inspect' }).waitFor();
    await expect.poll(() => title.innerText(), TIMEOUT).toContain(name);
    await page.goBack();
    await expect.poll(currentName, TIMEOUT).toBe(name);
    expect(await library.count.innerText()).toBe('7 images');
    await page.goBack();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    await page.goForward();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('7 images');
    expect(await page.getByLabel('Sort by').inputValue()).toBe('score');
    await page.reload();
    await expect.poll(currentName, TIMEOUT).toBe(name);
    expect(await page.getByLabel('Sort by').inputValue()).toBe('score');
  });

  it('finds entries in the command palette and keeps a query without results', async () => {
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    const palette = new Palette(page);
    await palette.find('no such thing');
    await expect.poll(() => palette.found.count()).toBe(0);
    await page.keyboard.press('Enter');
    await palette.field.fill('leather scratch');
    await expect.poll(() => palette.found.count()).toBe(2);
    await page.keyboard.press('ArrowDown');
    const second = await palette.highlighted.innerText();
    await page.keyboard.press('Enter');
    await palette.field.waitFor({ state: 'hidden' });
    const shown = page.getByRole('heading', { level: 1 });
    await expect.poll(() => shown.getAttribute('title'), TIMEOUT).toContain(second.split('\n')[0]);
    await palette.find('runs');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url(), TIMEOUT).toContain('#/runs');
  });

  it('keeps datasets and runs through a crash', async () => {
    await app.killHost();
    await open();
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe('49 images');
    await page.keyboard.press('4');
    await expect.poll(() => page.getByText('2 / 2').count(), TIMEOUT).toBe(1);
  });

  it.each(['dark', 'light'])('has no serious accessibility violation in the %s theme', async (theme) => {
    await library.thumbnails.first().waitFor();
    await page.keyboard.press('9');
    await page.getByRole('button', { name: theme === 'dark' ? 'Dark' : 'Light' }).click();
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(theme);
    for (const key of ['1', '4', '6', '7', '8', '9']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(300);
      expect(await seriousViolations(page)).toEqual([]);
      await page.screenshot({ path: join(SHOTS, `screen-${key}-${theme}.png`) });
    }
  });
});
