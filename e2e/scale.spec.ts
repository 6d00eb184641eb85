import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
];

describe('the scale', () => {
  const app = useApp({ images: IMAGES });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(async () => {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(2);
    await page.keyboard.press('F2');
  });

  const panel = () => page.getByRole('region', { name: 'Ruler and scale' });
  const measured = (row: string) => panel().getByRole('row', { name: row }).innerText();
  const columns = () => page.getByRole('region', { name: 'Regions' }).locator('.columns').innerText();

  it('is measured by keyboard over a known length, and sizes are in millimeters or inches', async () => {
    await inspect.regions.first().waitFor();
    expect(await columns()).toMatch(/Area, px/);
    const title = (await inspect.regions.first().getAttribute('title')) ?? '';
    const pixels = Number(/^([\d\u202f]+) px at/.exec(title)?.[1].replaceAll('\u202f', ''));

    await page.keyboard.press('l');
    await panel().waitFor();
    for (const key of ['Enter', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter', 'Control+ArrowRight'])
      await page.keyboard.press(key);
    // 128 px wide: the second point stops at the right edge, 84 px from the first.
    await expect.poll(() => measured('Length')).toMatch(/84\.0 px/);
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => measured('Length')).toMatch(/80\.0 px/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('40 mm');
    await expect.poll(() => panel().getByRole('status').innerText()).toBe('0.5 mm per pixel');
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'ruler.png') });
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => panel().innerText(), TIMEOUT).toMatch(/Measured by Ada, \d{4}-\d\d-\d\d/);
    expect(await measured('Length')).toMatch(/80\.0 px\s+40\.0 mm/);

    await tabTo(panel().getByRole('button', { name: 'Close ruler' }));
    await page.keyboard.press('Enter');
    await expect.poll(columns, TIMEOUT).toMatch(/Area, mm²\s*Length, mm/);
    const millimeters = Number(
      /([\d.]+) mm²/.exec((await inspect.regions.first().innerText()).replaceAll('\n', ' '))?.[1],
    );
    expect(millimeters).toBeCloseTo(pixels * 0.25, 0);
    await inspect.canvas('Overlay').hover();
    await page.screenshot({ path: join(SHOTS, 'sizes-in-mm.png') });
    await expect.poll(() => inspect.readout.innerText()).toMatch(/\d mm, [\d.]+ mm/);

    await page.keyboard.press('9');
    await press(page.getByRole('group', { name: 'Units' }).getByRole('button', { name: 'Inches' }));
    await page.keyboard.press('2');
    await expect.poll(columns, TIMEOUT).toMatch(/Area, in²\s*Length, in/);
  });

  it('is typed for each direction, and kept after a reload', async () => {
    await page.keyboard.press('l');
    const typed = panel().getByLabel('Scale, mm per pixel');
    await tabTo(typed);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.25');
    await tabTo(panel().getByRole('checkbox', { name: 'Another scale along' }));
    await page.keyboard.press('Space');
    await tabTo(panel().getByLabel('Along, mm per pixel'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.75');
    await press(panel().getByRole('button', { name: 'Save scale' }));
    await expect.poll(() => panel().innerText(), TIMEOUT).toMatch(/Typed by Ada/);
    await page.reload();
    await inspect.inspected(2);
    await page.keyboard.press('l');
    await expect.poll(() => panel().getByLabel('Along, mm per pixel').inputValue()).toBe('0.75');
  });
});
