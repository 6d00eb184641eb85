import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { recipeFile } from '../src-main/common/api/recipes.ts';
import { reviseRecipe } from '../src-main/services/recipes/revise-recipe.ts';
import { Store } from '../src-main/store/store.ts';
import { perch } from '../src-main/test/perch.ts';
import { maskPng } from './fixtures/fixture-dataset.ts';
import { weave, writeFiles } from './fixtures/textures.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { LibraryPage } from './pages/library.ts';
import { Palette } from './pages/palette.ts';
import { RecipePage } from './pages/recipe.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 128;
const GOOD = ['1', '2', '3', '4'];
const HOLES = [
  { x: 40, y: 88, radius: 12 },
  { x: 96, y: 30, radius: 11 },
];
const ROUTE = '#/recipe?dataset=1&class=linen';

/** Imports images of which only the defective ones have ground truth. */
async function importLinen(folder: string): Promise<void> {
  const linen = join(folder, 'cloth', 'linen');
  for (const [seed, name] of GOOD.entries())
    await writeFiles({ [join(linen, `${name}.png`)]: await weave(SIDE, seed + 1) });
  for (const [at, hole] of HOLES.entries())
    await writeFiles({
      [join(linen, `hole${at}.png`)]: await weave(SIDE, 10 + at, [hole]),
      [join(linen, `hole${at}_mask.png`)]: await maskPng(SIDE, [hole]),
    });
  const { code, stderr } = await perch('datasets', 'import', join(folder, 'cloth'), '--layout', 'folder');
  if (code !== 0) throw new Error(stderr);
}

/** Adds a revision of the only recipe, as another process does. */
function limitRegions(home: string): void {
  const store = new Store(home);
  const [{ id, latest }] = store.recipes.list();
  const definition = { regionLimits: { maxCount: 5, maxTotalArea: null } };
  reviseRecipe(store, { recipe: id, base: latest.revision, author: 'Bo', reason: '', definition });
  store.close();
}

describe('the Recipe screen by keyboard', () => {
  const app = useApp({ prepare: importLinen });
  let page: Page;
  let recipe: RecipePage;

  beforeEach(open);

  async function open() {
    page = await app.open(ROUTE);
    recipe = new RecipePage(page);
    await page.getByRole('main', { name: 'Recipe' }).waitFor();
  }

  /** Waits until all images have their scores, which arrive one after another. */
  async function scored() {
    await expect.poll(() => recipe.count('good'), TIMEOUT).toBe('4');
    await expect.poll(() => recipe.count('defective'), TIMEOUT).toBe('2');
  }

  const revision = (number: number) =>
    recipe.shown.getByText(`r${number}`, { exact: true }).first().waitFor();

  it('creates a recipe and inspects the images of the class', async () => {
    await page.getByRole('heading', { name: 'No recipe decides linen' }).waitFor();
    await recipe.create('Linen 40', 'Ada');
    expect(await recipe.heading.innerText()).toBe('Linen 40');
    await page.getByRole('button', { name: /^Inspect 6 images/ }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('i');
    await expect.poll(() => recipe.count('unknown'), TIMEOUT).toBe('4');
    await expect.poll(() => recipe.count('defective'), TIMEOUT).toBe('2');
    expect(await recipe.note.innerText()).toContain('Not calibrated');
  });

  it('counts images that are marked as good in Inspect', async () => {
    await page.keyboard.press('2');
    const inspect = new InspectPage(page);
    await page.keyboard.press('Home');
    for (const name of GOOD) {
      await expect.poll(() => inspect.title.innerText(), TIMEOUT).toContain(`${name}.png`);
      await page.keyboard.press('Shift+g');
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('6');
    await scored();
    expect(await recipe.note.innerText()).toContain('4 good and 2 defective images');
  });

  it('calibrates by a rule and saves the revision with its reason', async () => {
    await scored();
    await press(recipe.rule('No false reject'));
    await recipe.review.waitFor();
    expect(await recipe.note.innerText()).toContain(
      'With 4 good images, at most 20 % false rejects are guaranteed',
    );
    await tabTo(recipe.reason);
    await page.keyboard.type('First four pieces');
    await press(recipe.save);
    await revision(2);
    await expect.poll(() => recipe.history.first().innerText(), TIMEOUT).toContain('First four pieces');
    await expect.poll(() => recipe.cell('good', 'pass').innerText()).toBe('4');
    await expect.poll(() => recipe.cell('defective', 'reject').innerText()).toBe('2');
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('shows a draft at once while a threshold moves, and discards it', async () => {
    await scored();
    await recipe.review.waitFor();
    const threshold = async () => Number(await recipe.reject.getAttribute('aria-valuenow'));
    const saved = await threshold();
    await tabTo(recipe.reject);
    await page.keyboard.press('ArrowRight');
    const small = (await threshold()) - saved;
    await page.keyboard.press('Shift+ArrowRight');
    expect((await threshold()) - saved).toBeGreaterThan(5 * small);
    await page.keyboard.press('End');
    expect(await recipe.cell('defective', 'reject').innerText()).toBe('0');
    expect(await recipe.cell('defective', 'review').innerText()).toBe('2');
    expect(await recipe.note.innerText()).toContain('set by hand');
    await press(page.getByRole('button', { name: 'Discard' }));
    expect(await threshold()).toBe(saved);
  });

  it('opens the images of a cell in Library and an image of the chart in Inspect', async () => {
    await scored();
    await recipe.review.waitFor();
    await press(recipe.cell('defective', 'reject'));
    const library = new LibraryPage(page);
    await expect.poll(() => library.count.innerText(), TIMEOUT).toMatch(/^2 of /);
    const palette = new Palette(page);
    await palette.find('linen 40');
    await page.keyboard.press('Enter');
    await tabTo(recipe.chart);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const name = await page
      .getByText(/hole\d\.png/)
      .first()
      .innerText();
    await page.keyboard.press('Enter');
    await expect.poll(() => new InspectPage(page).title.innerText(), TIMEOUT).toContain(name);
  });

  it('applies changes to a revision that another process has saved in the meantime', async () => {
    await recipe.review.waitFor(TIMEOUT);
    await tabTo(recipe.field('Scale, mm per pixel'));
    await page.keyboard.type('0.25');
    limitRegions(app.host.home);
    const apply = page.getByRole('button', { name: 'Apply to r3' });
    await apply.waitFor(TIMEOUT);
    await press(apply);
    await press(recipe.save);
    await revision(4);
    expect(await recipe.field('Most regions').inputValue()).toBe('5');
    expect(await recipe.field('Scale, mm per pixel').inputValue()).toBe('0.25');
  });

  it('calibrates again, locks and exports the recipe', async () => {
    await scored();
    await press(recipe.rule('No escape'));
    await recipe.review.waitFor();
    await page.keyboard.press('Control+s');
    await revision(5);
    await press(recipe.lock);
    await recipe.unlock.waitFor();
    expect(await recipe.field('Smallest area, positions').getAttribute('readonly')).not.toBeNull();
    expect(await recipe.rule('No escape').isDisabled()).toBe(true);
    const download = page.waitForEvent('download');
    await recipe.choose('Export Linen 40');
    const file = recipeFile.parse(JSON.parse(await readFile(await (await download).path(), 'utf8')));
    expect(file.revisions).toHaveLength(5);
    expect(file.locked?.by).toBe('Ada');
  });

  it('keeps the recipe through a crash, and unlocks it with a reason', async () => {
    await recipe.unlock.waitFor(TIMEOUT);
    await app.killHost();
    await open();
    await recipe.unlock.waitFor(TIMEOUT);
    expect(await recipe.heading.innerText()).toBe('Linen 40');
    await revision(5);
    await press(recipe.unlock);
    await page.getByRole('dialog').getByRole('textbox').pressSequentially('New supplier');
    await page.keyboard.press('Enter');
    await recipe.lock.waitFor();
    await expect.poll(() => recipe.history.first().innerText(), TIMEOUT).toContain('New supplier');
  });

  it('imports a recipe file and lets it decide the class', async () => {
    await recipe.lock.waitFor(TIMEOUT);
    const download = page.waitForEvent('download');
    await recipe.choose('Export Linen 40');
    await page.getByLabel('Recipe file').setInputFiles(await (await download).path());
    await page.getByText(/^Imported Linen 40/).waitFor(TIMEOUT);
    await recipe.choose(/^Linen 40.+r\d/);
    await expect.poll(() => recipe.heading.innerText(), TIMEOUT).not.toBe('Linen 40');
  });

  it.each(['dark', 'light'])('has no serious accessibility violation in the %s theme', async (theme) => {
    await page.keyboard.press('9');
    await page.getByRole('button', { name: theme === 'dark' ? 'Dark' : 'Light' }).click();
    await page.keyboard.press('6');
    await recipe.review.waitFor(TIMEOUT);
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, `screen-6-${theme}.png`) });
    await page.keyboard.press('c');
    await page.getByText('In control.').waitFor(TIMEOUT);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
