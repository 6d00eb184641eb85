import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { addRecipe, homeIn } from './fixtures/recipes.ts';
import { weave } from './fixtures/textures.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { StationPage } from './pages/station.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 128;

/** A line whose frames are rolls. Each test continues where the last one ended. */
describe('a station with rolls', { timeout: 120_000 }, () => {
  const app = useApp({
    images: [{ defectType: 'good', name: '1', blemishes: [] }],
    prepare: async (folder) => {
      const thresholds = { review: 0.02, reject: 0.03 };
      addRecipe(homeIn(folder), { name: 'Oxford 210D', thresholds, mmPerPixel: 2 });
      await mkdir(join(folder, 'line-3'));
    },
  });
  let page: Page;
  let station: StationPage;

  const line = (name = '') => join(app.folder, 'line-3', name);

  async function arrive(roll: string, frame: number, hole = false): Promise<void> {
    await mkdir(line(roll), { recursive: true });
    const blemishes = hole ? [{ x: 64, y: 64, radius: 10 }] : [];
    const path = line(join(roll, `${frame}.png`));
    await writeFile(`${path}.part`, await weave(SIDE, 1000 * roll.charCodeAt(0) + frame, blemishes));
    await rename(`${path}.part`, path);
  }

  const shown = async () => await station.selected.getAttribute('aria-label');
  const showsPiece = (text: RegExp) => expect.poll(shown, TIMEOUT).toMatch(text);
  const roll = () => page.getByRole('region', { name: 'Roll so far' });
  const rollText = async () => (await roll().innerText()).replaceAll(/\s+/g, ' ');

  beforeEach(async () => {
    page = await app.open('#/station');
    station = new StationPage(page);
    await page.getByRole('main').waitFor();
  });

  it('is created by keyboard', async () => {
    await page.keyboard.press('n');
    await tabTo(station.form.getByLabel('Name', { exact: true }));
    await page.keyboard.type('Line 3');
    await tabTo(station.form.getByLabel(/^Folder/));
    await page.keyboard.type(line());
    await tabTo(station.form.getByLabel('Images'));
    await page.keyboard.press('ArrowDown');
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-roll-form.png') });
    await press(station.form.getByRole('button', { name: 'Create and start' }));
    await station.form.waitFor({ state: 'hidden' });
    await expect.poll(rollText).toContain('No frame yet');
  });

  it('shows the roll of the frame on screen, with its defects and its grade', async () => {
    for (const frame of [9, 10, 11]) await arrive('A', frame, frame === 10);
    await showsPiece(/^Piece 3, Pass$/);
    await expect.poll(rollText, TIMEOUT).toMatch(/Roll A 3 frames 0\.77 m × 0\.26 m 1 defect \d+ points?/);
    expect(await station.main.innerText()).toContain('Frame 3 at 51.2 cm');
    await roll()
      .getByText(/^(Pass|Fail)$/i)
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-roll.png') });
  });

  it('lists the defects of the roll, and shows the frame of one', async () => {
    await showsPiece(/^Piece 3/);
    await expect.poll(rollText, TIMEOUT).toContain('Roll A');
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Roll A so far' });
    await expect.poll(() => dialog.getByRole('row').count(), TIMEOUT).toBe(2);
    // The defect is at the middle of the second frame.
    expect(await dialog.getByRole('row').nth(1).innerText()).toMatch(/^\s*0\.3[6-9]|^\s*0\.4[01]/);
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-roll-defects.png') });
    await press(dialog.getByRole('button', { name: '2', exact: true }));
    await dialog.waitFor({ state: 'hidden' });
    await showsPiece(/^Piece 2, Reject$/);
    await page.keyboard.press('End');
    await showsPiece(/^Piece 3/);
  });

  it('begins another roll with another folder', async () => {
    await showsPiece(/^Piece 3/);
    await arrive('B', 1);
    await showsPiece(/^Piece 4, Pass$/);
    await expect.poll(rollText, TIMEOUT).toMatch(/Roll B 1 frame .* 0 defects/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(rollText, TIMEOUT).toContain('Roll A 3 frames');
    await page.keyboard.press('l');
    await page.getByRole('dialog', { name: 'Roll A so far' }).getByLabel('Roll').selectOption('B');
    const other = page.getByRole('dialog', { name: 'Roll B so far' });
    await other.getByText('0 defects').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await other.waitFor({ state: 'hidden' });
    await expect.poll(rollText, TIMEOUT).toContain('Roll A 3 frames');
  });
});
