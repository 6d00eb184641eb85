import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { recipeFile } from '../src-main/common/api/recipes.ts';
import { perch } from '../src-main/test/perch.ts';
import { copyLot, DEFECTIVE, GOOD_PIECES, PIECES, REGION, writeLot } from './fixtures/lot.ts';
import { queryStore } from './fixtures/query-store.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { useApp } from './harness/use-app.ts';
import { ComparePage } from './pages/compare.ts';
import { InspectPage } from './pages/inspect.ts';
import { LibraryPage } from './pages/library.ts';
import { RecipePage } from './pages/recipe.ts';
import { RegionPage } from './pages/region.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
/** Number of pieces that are marked as good, before and after the first crash. */
const [BEFORE_CRASH, MARKED] = [6, 10];
/** Number of images that the second operator reviews before the last crash. */
const REVIEWED_BEFORE_CRASH = 9;
/** Good pieces that the second operator rejects. */
const DISPUTED = [13, 15];

/** From images without labels to a report, by keyboard only. Each test continues where the last one ended. */
describe('a class from heatmaps to decisions', { timeout: 240_000 }, () => {
  const app = useApp({ prepare: (folder) => writeLot(join(folder, 'lot')) });
  let page: Page;
  let inspect: InspectPage;
  let recipe: RecipePage;
  let review: ReviewPage;
  /** Decisions in the window by file name. */
  const decided = new Map<string, string>();

  beforeEach(() => open('#/library'));

  async function open(hash: string) {
    page = await app.open(hash);
    inspect = new InspectPage(page);
    recipe = new RecipePage(page);
    review = new ReviewPage(page);
    await page.getByRole('main').waitFor();
  }

  /** Kills the host in the middle of the work and opens a screen again. */
  async function crash(hash: string) {
    await page.close();
    await app.killHost();
    await open(hash);
  }

  const exported = () => join(app.folder, 'linen.json');
  const shown = async () => (await inspect.title.innerText()).replaceAll('\n', '');
  const decision = () => page.getByRole('status', { name: 'Decision' });
  const progress = () => review.progress.innerText();

  it('imports a folder as a new class and inspects it', async () => {
    const library = new LibraryPage(page);
    await library.empty.waitFor();
    await library.importPath(join(app.folder, 'lot'));
    await expect.poll(() => library.count.innerText(), TIMEOUT).toBe(`${PIECES} images`);
    await page.keyboard.press('2');
    await inspect.inspected(1);
    await expect.poll(() => queryStore(app.host.home, 'SELECT count(*) FROM results'), TIMEOUT).toBe(PIECES);
    await expect.poll(() => decision().innerText(), TIMEOUT).toBe('Not calibrated');
  });

  it('marks ten good pieces, through a crash', async () => {
    const marks = () => queryStore(app.host.home, 'SELECT count(*) FROM calibration_marks');
    await page.keyboard.press('2');
    await inspect.inspected(1);
    await page.keyboard.press('Home');
    for (let marked = 0; marked < MARKED; marked++) {
      if (marked === BEFORE_CRASH) {
        await crash('#/inspect?dataset=1');
        await inspect.inspected(1);
        expect(marks()).toBe(BEFORE_CRASH);
        await page.keyboard.press('Home');
        for (let moves = 0; moves < marked; moves++) await page.keyboard.press('ArrowRight');
      }
      await expect.poll(shown).toContain(`piece-${String(marked + 1).padStart(2, '0')}.png`);
      await page.keyboard.press('Shift+G');
      if (marked === 0) {
        await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
        await page.keyboard.press('Enter');
      }
      await expect.poll(marks).toBe(marked + 1);
      await page.keyboard.press('ArrowRight');
    }
  });

  it('draws a region that excludes the labels at the edge', async () => {
    await page.keyboard.press('2');
    await inspect.inspected(1);
    const region = new RegionPage(page);
    await region.open();
    await page.keyboard.press('Enter');
    await region.repeat('Shift+ArrowLeft', 3);
    await region.repeat('Shift+ArrowUp', 3);
    await region.repeat('Control+Shift+ArrowRight', 6);
    await region.repeat('Control+Shift+ArrowDown', 6);
    await expect.poll(() => region.shape.innerText()).toContain(REGION);
    await page.keyboard.press('Control+s');
    await expect.poll(() => region.status.innerText(), TIMEOUT).toContain('1 shape in');
    await region.leave();
    // The results of the whole images are outdated now.
    await expect.poll(() => inspect.selected.getAttribute('aria-label'), TIMEOUT).toContain('outdated');
    await page.keyboard.press('i');
    await expect.poll(() => page.getByRole('option', { name: /outdated/ }).count(), TIMEOUT).toBe(0);
  });

  it('calibrates on the marked pieces and saves the revision, through a crash', async () => {
    await page.keyboard.press('6');
    await recipe.create('Linen 40');
    await expect
      .poll(() => recipe.note.innerText(), TIMEOUT)
      .toContain(`${MARKED} good and 0 defective images`);
    await press(recipe.rule('No false reject'));
    await recipe.reject.waitFor();
    expect(await recipe.note.innerText()).toMatch(/at most 9\.1 % false rejects/);
    await page.keyboard.press('Control+s');
    await recipe.history.nth(1).waitFor();
    await crash('#/recipe?dataset=1');
    await recipe.reject.waitFor(TIMEOUT);
    expect(await recipe.history.count()).toBe(2);
    expect(await recipe.note.innerText()).toMatch(/at most 9\.1 % false rejects/);
  });

  it('locks the recipe and exports it', async () => {
    await page.keyboard.press('6');
    await recipe.reject.waitFor(TIMEOUT);
    await press(recipe.lock);
    await recipe.unlock.waitFor();
    const download = page.waitForEvent('download');
    await recipe.choose('Export Linen 40');
    await copyFile(await (await download).path(), exported());
    const file = recipeFile.parse(JSON.parse(await readFile(exported(), 'utf8')));
    expect(file.locked?.by).toBe('Ada');
    expect(file.revisions).toHaveLength(2);
  });

  it('decides a new folder on the command line as the window does', async () => {
    await page.keyboard.press('2');
    await page.keyboard.press('Home');
    for (let place = 1; place <= PIECES; place++) {
      await expect.poll(shown, TIMEOUT).toContain(`piece-${String(place).padStart(2, '0')}.png`);
      await expect.poll(() => decision().innerText(), TIMEOUT).toMatch(/^(PASS|REVIEW|REJECT)$/);
      decided.set(
        `piece-${String(place).padStart(2, '0')}.png`,
        (await decision().innerText()).toLowerCase(),
      );
      await page.keyboard.press('ArrowRight');
    }
    const rejected = [...decided].filter(([, each]) => each === 'reject').map(([name]) => name);
    expect(rejected).toEqual(expect.arrayContaining(DEFECTIVE));
    // The marked pieces pass; of the others, some can have a score above the highest of these.
    expect([...decided.values()].slice(0, MARKED)).toEqual(Array(MARKED).fill('pass'));
    expect(rejected.length).toBeLessThanOrEqual(DEFECTIVE.length + 2);

    const shift = join(app.folder, 'next shift');
    await copyLot(join(app.folder, 'lot'), shift);
    const own = process.env.PERCH_HOME;
    try {
      // The file is all that another machine needs.
      process.env.PERCH_HOME = join(app.folder, 'line');
      const out = join(app.folder, 'results');
      const { code, stdout, stderr } = await perch(
        ...['inspect', shift, '--recipe', exported(), '--json', '--out', out],
      );
      expect(code, stderr).toBe(20);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { path: string; decision: string; recipe: object });
      const names = lines.map(({ path, decision: each }) => [path.split(/[/\\]/).at(-1), each]);
      expect(names).toEqual([...decided]);
      expect(lines[0].recipe).toMatchObject({ name: 'Linen 40', revision: 2 });
    } finally {
      process.env.PERCH_HOME = own;
    }
  });

  /** Reviews the images at places `from` to `to` of a blind session as somebody who sees the defects. */
  async function reviewImages(session: number, disputed: readonly number[], from = 1, to = PIECES) {
    for (let place = from; place <= to; place++) {
      await expect.poll(shown, TIMEOUT).toContain(`Image ${place}`);
      const query = `SELECT image_id FROM session_images WHERE session_id = ${session} AND sort_index = ${place - 1}`;
      const piece = Number(queryStore(app.host.home, query));
      await page.keyboard.press(piece > GOOD_PIECES || disputed.includes(piece) ? 'r' : 'a');
    }
  }

  it('is reviewed blind by two operators, through a crash', async () => {
    await page.keyboard.press('2');
    await inspect.inspected(1);
    await review.start(['Ada', 'Bo']);
    await reviewImages(1, []);
    await review.summary.waitFor();
    await page.keyboard.press('Escape');
    await review.summary.waitFor({ state: 'hidden' });

    await review.resume('Bo');
    await reviewImages(2, DISPUTED, 1, REVIEWED_BEFORE_CRASH);
    await expect
      .poll(() => queryStore(app.host.home, 'SELECT count(*) FROM verdicts'))
      .toBe(PIECES + REVIEWED_BEFORE_CRASH);
    await crash('#/inspect?dataset=1');
    await review.resume('Bo');
    await expect.poll(progress, TIMEOUT).toContain(`${REVIEWED_BEFORE_CRASH}/${PIECES}`);
    await reviewImages(2, DISPUTED, REVIEWED_BEFORE_CRASH + 1);
    await review.summary.waitFor();
    await expect.poll(() => review.disagreements.count(), TIMEOUT).toBe(DISPUTED.length);
  });

  it('is adjudicated into ground truth', async () => {
    await page.keyboard.press('2');
    await review.resume('Bo');
    await review.choose('Summary and export…');
    await review.summary.waitFor();
    await expect.poll(() => review.disagreements.count(), TIMEOUT).toBe(DISPUTED.length);
    await page.getByRole('textbox', { name: 'Adjudicator' }).fill('Cy');
    await page.keyboard.press('Enter');
    await expect.poll(progress, TIMEOUT).toMatch(/Cy\s*0\/2/);
    await page.keyboard.press('a');
    await expect.poll(progress, TIMEOUT).toContain('1/2');
    await page.keyboard.press('a');
    await review.summary.waitFor();
    await press(page.getByRole('button', { name: /^Add \d+ images to the ground truth/ }));
    const adopted = `SELECT count(*) FROM revisions WHERE source = 'adjudicated' AND ground_truth = 'normal'`;
    await expect.poll(() => queryStore(app.host.home, adopted), TIMEOUT).toBe(GOOD_PIECES);
  });

  it('is reported with its decisions', async () => {
    await page.keyboard.press('5');
    const compare = new ComparePage(page);
    await tabTo(compare.exports);
    const download = page.waitForEvent('download');
    await page.keyboard.type('Report');
    const html = await readFile(await (await download).path(), 'utf8');
    expect(html).toContain('Linen 40, revision 2');
    const rows = html
      .replaceAll(/<small>.*?<\/small>/g, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/ +/g, ' ');
    const falseRejects = GOOD_PIECES - [...decided.values()].filter((each) => each === 'pass').length;
    expect(rows).toContain(`good ${GOOD_PIECES} ${GOOD_PIECES - falseRejects} 0 ${falseRejects}`);
    expect(rows).toContain(`defective ${DEFECTIVE.length} 0 0 ${DEFECTIVE.length}`);
  });
});
