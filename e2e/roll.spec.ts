import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { shippedRules } from '../src-main/common/grading/shipped-rules.ts';
import { nearSegment, pixelsWhere } from '../src-renderer/mask/test/reference.ts';
import { brushCenter } from '../src-renderer/mask/shapes.ts';
import { difference, storedGroundTruth } from './fixtures/masks.ts';
import { weaveStrip, writeFiles, type Blemish } from './fixtures/textures.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { onDesktop } from './harness/desktop.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';
import { LibraryPage } from './pages/library.ts';
import { RollPage } from './pages/roll.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 192;
const FRAMES = 8;
/** Millimeters per pixel: the roll is 7.68 m x 0.96 m. */
const SCALE = 5;
/** Holes of the roll: the first crosses the border of two frames. */
const HOLES: Blemish[] = [
  { x: 60, y: 384, radius: 16 },
  { x: 130, y: 700, radius: 12 },
  { x: 90, y: 1100, radius: 20 },
];

/** Writes the roll as a folder of frames, in which holes continue in the next frame. */
async function writeFrames(folder: string): Promise<void> {
  const whole = sharp(await weaveStrip({ width: SIDE, height: SIDE * FRAMES }, 1, HOLES));
  for (let at = 0; at < FRAMES; at++) {
    const part = { left: 0, top: at * SIDE, width: SIDE, height: SIDE };
    const frame = await whole.clone().extract(part).png().toBuffer();
    await writeFiles({ [join(folder, 'rolls', 'lot-4711', `frame_${at + 1}.png`)]: frame });
  }
}

describe('a roll, by keyboard', () => {
  const app = useApp({ prepare: writeFrames });
  let page: Page;
  let roll: RollPage;

  beforeEach(async () => {
    page = await app.open('#/library');
    await page.getByRole('main', { name: 'Library' }).waitFor();
    await page.keyboard.press('7');
    await page.getByRole('main', { name: 'Roll' }).waitFor();
    roll = new RollPage(page);
  });

  /** Waits until the holes are listed alone. The suggested threshold is below the scores at the border. */
  const found = async () => {
    await roll.table.waitFor(TIMEOUT);
    const listed = async () => {
      const rows = await roll.rows.count();
      if (rows > HOLES.length) for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+]');
      return rows;
    };
    // The list follows the threshold once the keys rest.
    await expect.poll(listed, { timeout: 60_000, interval: 1500 }).toBe(HOLES.length);
  };

  it('is imported from a folder of frames and inspected', async () => {
    const none = page.getByRole('heading', { name: 'No rolls in this dataset' });
    await Promise.race([none.waitFor(), imported().waitFor(), roll.title.waitFor()]);
    // After a failed attempt, the roll is there.
    if (await none.isVisible()) {
      expect(await seriousViolations(page)).toEqual([]);
      await roll.import(join(app.folder, 'rolls', 'lot-4711'), '4711', 'Oxford 210D');
    } else if (await imported().isVisible()) await press(imported());
    await expect.poll(() => roll.title.innerText(), TIMEOUT).toBe('Lot 4711');
    await page.getByText('8 frames').waitFor();
    const inspect = page.getByRole('button', { name: /^Inspect rolls/ });
    await Promise.race([inspect.waitFor(), roll.table.waitFor()]);
    if (await inspect.isVisible()) await page.keyboard.press('i');
    // The hole that two frames share is one defect.
    await found();
    expect(await roll.grade.innerText()).toContain('the scale is unknown');
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('is graded once its scale is known', async () => {
    await openRoll();
    await roll.setScale(SCALE);
    await roll.grade.getByText(/points per 100 sq yd/).waitFor();
    expect(await roll.title.evaluate((title) => title.parentElement?.innerText)).toContain('7.68 m × 0.96 m');
    expect(await roll.totalPoints()).toBeGreaterThan(0);
    await page.screenshot({ path: join(SHOTS, 'roll-graded.png') });
  });

  it('shows the pixels of the defect that keys choose in list and map', async () => {
    await openRoll();
    const zoom = page.getByRole('button', { name: /^Zoom \d/ });
    await page.keyboard.press('f');
    const before = await zoom.innerText();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => roll.selected.count()).toBe(1);
    const [first] = await roll.cells(roll.selected);
    expect(Number(first)).toBeCloseTo((384 * SCALE) / 1000, 0);
    await expect.poll(() => zoom.innerText()).not.toBe(before);
    await tabTo(roll.map);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await roll.cells(roll.selected))[0]).not.toBe(first);
    await page.keyboard.press('+');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('takes verdicts, and corrected points with a reason; the grade follows', async () => {
    await openRoll();
    const total = await roll.totalPoints();
    await page.keyboard.press('ArrowRight');
    const points = Number((await roll.cells(roll.selected))[4]);
    await page.keyboard.press('a');
    const asked = page.getByRole('dialog', { name: 'Set author' }).getByRole('textbox');
    await asked.pressSequentially('Ada');
    await page.keyboard.press('Enter');
    // Accepted material does not count.
    await expect.poll(() => roll.totalPoints(), TIMEOUT).toBe(total - points);

    const second = Number((await roll.cells(roll.selected))[4]);
    await page.keyboard.press('p');
    await page.keyboard.type(String(second - 1));
    await tabTo(roll.reason);
    await page.keyboard.type('Only the border is damaged');
    await page.keyboard.press('Enter');
    await expect.poll(() => roll.totalPoints(), TIMEOUT).toBe(total - points - 1);
    await expect
      .poll(() => roll.defect.innerText())
      .toContain(`Rule: ${second}. Corrected to ${second - 1} by Ada.`);
    await page.keyboard.press('k');
    await page.keyboard.type('hole');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await roll.cells(roll.selected))[3], TIMEOUT).toBe('hole');
    await press(roll.defect.getByText('History'));
    await expect.poll(() => roll.defect.getByRole('listitem').count()).toBe(2);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('keeps assessments, and filters by them', async () => {
    await openRoll();
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('kind hole');
    await expect.poll(() => roll.rows.count()).toBe(1);
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('all');
    await page.getByRole('combobox', { name: 'Verdict' }).selectOption('accept');
    await expect.poll(() => roll.rows.count()).toBe(1);
    await press(roll.table.getByRole('button', { name: /^Points/ }));
    expect(await roll.table.locator('[aria-sort="descending"]').innerText()).toContain('Points');
  });

  it('is graded by a rule of a file, which is remembered until it is removed', async () => {
    await openRoll();
    const ours = { ...shippedRules[0], name: 'ours', title: 'Our rule', cap: 1 };
    const file = join(app.folder, 'ours.json');
    await writeFiles({ [file]: Buffer.from(JSON.stringify({ ...ours, cap: -1 })) });
    await press(page.getByRole('button', { name: 'Grading rules' }));
    const dialog = page.getByRole('dialog', { name: 'Grading rules' });
    await dialog.getByLabel('Rule file').setInputFiles(file);
    expect(await dialog.getByRole('alert').innerText()).toContain('ours.json is not a grading rule: cap');
    await writeFiles({ [file]: Buffer.from(JSON.stringify(ours)) });
    await dialog.getByLabel('Rule file').setInputFiles(file);
    await dialog.getByRole('status').getByText('Added “Our rule”').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'grading-rules.png') });
    await press(dialog.getByRole('button', { name: 'Close' }));
    const choice = page.getByRole('combobox', { name: 'Grading rule' });
    await page.reload();
    await openRoll();
    await expect.poll(() => choice.inputValue(), TIMEOUT).toBe('ours');
    await press(page.getByRole('button', { name: 'Grade and cuts' }));
    await page.getByText('ours, from ours.json, added').waitFor(TIMEOUT);
    await press(page.getByRole('button', { name: 'Grading rules' }));
    await press(dialog.getByRole('button', { name: 'Remove Our rule' }));
    await dialog.getByText('No rule was added.').waitFor();
    await press(dialog.getByRole('button', { name: 'Close' }));
    await expect.poll(() => choice.inputValue(), TIMEOUT).toBe('four-point');
  });

  it('has a certificate', async () => {
    await openRoll();
    await page.keyboard.press('Control+p');
    await roll.certificate.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await press(roll.certificate.getByRole('button', { name: 'Save HTML' }));
    const html = await readFile(await (await download).path(), 'utf8');
    for (const text of ['4711', 'Oxford 210D', 'Ada', 'Only the border is damaged'])
      expect(html).toContain(text);
  });

  it.runIf(onDesktop)('has a certificate as PDF on the desktop', async () => {
    await openRoll();
    await page.keyboard.press('Control+p');
    const download = page.waitForEvent('download');
    await press(roll.certificate.getByRole('button', { name: 'Save PDF' }));
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/certificate\.pdf$/);
    const pdf = await readFile(await file.path(), 'latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    // The certificate, and the list of its frames.
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
  });

  it('is annotated across the borders of its frames', async () => {
    await openRoll();
    const annotated = await app.open('#/annotate?image=1');
    const annotate = new AnnotatePage(annotated);
    const size = { width: SIDE, height: SIDE * FRAMES };
    await annotate.ready(size);
    await annotate.size(30);
    const path = await annotate.drag([
      { x: 60, y: 300 },
      { x: 120, y: 900 },
    ]);
    await annotate.saved();
    const centers = path.map((point) => brushCenter(point, 30));
    const covers = nearSegment(centers[0], centers[1], 15);
    const stored = await storedGroundTruth(app.host.home, 1);
    expect(
      difference(
        stored?.pixels,
        pixelsWhere(size, (x, y) => covers(x, y)),
        size,
      ),
    ).toBe('');
  });

  it('is measured by the ruler of Annotate', async () => {
    const annotated = await app.open('#/annotate?image=1');
    await new AnnotatePage(annotated).ready({ width: SIDE, height: SIDE * FRAMES });
    await annotated.keyboard.press('l');
    const panel = annotated.getByRole('region', { name: 'Ruler and scale' });
    await panel.waitFor();
    for (const key of ['Enter', 'Enter', 'Control+ArrowDown', 'Control+ArrowDown'])
      await annotated.keyboard.press(key);
    const length = panel.getByRole('row', { name: 'Length' });
    // The roll has 5 mm per pixel.
    await expect.poll(() => length.innerText()).toMatch(/200\.0 px\s+1\.00 m/);
    expect(await seriousViolations(annotated)).toEqual([]);
    await annotated.screenshot({ path: join(SHOTS, 'annotate-ruler.png') });
    await annotated.keyboard.press('e');
    await panel.waitFor({ state: 'hidden' });
    await annotated.getByRole('button', { name: 'Eraser', pressed: true }).waitFor();
  });

  const imported = () => page.getByRole('button', { name: 'Lot 4711' });

  /** Opens the imported roll from the list of rolls. */
  async function openRoll() {
    await Promise.race([imported().waitFor(), roll.title.waitFor()]);
    if (await imported().isVisible()) await press(imported());
    await found();
  }
});

describe('a dropped folder of frames', () => {
  const app = useApp({ prepare: writeFrames });

  it('is imported as one roll, by the choice in the preview', async () => {
    const page = await app.open('#/library');
    const library = new LibraryPage(page);
    const roll = new RollPage(page);
    await library.empty.or(library.count).waitFor();
    await library.drop([join(app.folder, 'rolls', 'lot-4711')]);
    await library.preview.waitFor();
    await page.getByText('The 8 images can also be the frames of one roll').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'import-one-roll.png') });
    await press(page.getByRole('button', { name: 'Import as one roll…' }));
    await roll.importing.waitFor();
    expect(await roll.importing.getByLabel(/^Path/).inputValue()).toMatch(/lot-4711$/);
    await roll.importing.getByLabel('Lot').fill('L-1');
    await page.keyboard.press('Enter');
    await expect.poll(() => roll.title.innerText(), TIMEOUT).toBe('Lot L-1');
    await page.getByText('8 frames').waitFor();
  });
});
