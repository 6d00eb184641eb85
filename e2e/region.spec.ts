import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility.ts';
import { useApp } from './harness/use-app.ts';
import { InspectPage } from './pages/inspect.ts';
import { readPixels } from './fixtures/pixel-colors.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
];

describe('the inspection region', () => {
  const app = useApp({ images: IMAGES });
  let page: Page;
  let inspect: InspectPage;

  beforeEach(open);

  async function open() {
    page = await app.open('#/inspect?image=2');
    inspect = new InspectPage(page);
    await inspect.inspected(2);
    await page.keyboard.press('F2');
  }

  const panel = () => page.getByRole('region', { name: 'Inspection region' });
  const status = () => panel().getByRole('status').last();
  const shape = () => panel().getByRole('button', { name: /^(Include|Exclude) / });

  /** Brightness of the input at a fraction of the image's width and height. */
  async function brightness(x: number, y: number): Promise<number> {
    const pixels = await readPixels(inspect.canvas('Input'));
    const side = Math.min(pixels.width, pixels.height);
    const [left, top] = [(pixels.width - side) / 2, (pixels.height - side) / 2];
    let sum = 0;
    for (let dx = -4; dx <= 4; dx++)
      for (let dy = -4; dy <= 4; dy++) sum += pixels.at(left + x * side + dx, top + y * side + dy)[1];
    return sum / 81;
  }

  it('is drawn, undone and saved by keyboard, and dims the outside', async () => {
    await expect.poll(() => brightness(0.06, 0.06), TIMEOUT).toBeGreaterThan(60);
    const before = await brightness(0.06, 0.06);
    await page.keyboard.press('Shift+R');
    await panel().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => shape().innerText()).toContain('64 × 64 at 32, 32');
    await page.keyboard.press('Control+Shift+ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => shape().innerText()).toContain('74 × 64 at 31, 32');
    await page.keyboard.press('Control+z');
    await expect.poll(() => shape().innerText()).toContain('74 × 64 at 32, 32');
    expect(await status().innerText()).toBe('Not saved yet');
    await expect.poll(() => brightness(0.06, 0.06), TIMEOUT).toBeLessThan(0.6 * before);
    expect(await seriousViolations(page)).toEqual([]);

    await page.keyboard.press('Control+s');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => status().innerText(), TIMEOUT).toContain('1 shape in, 0 out, border 0 px');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => panel().count()).toBe(0);
    await page.reload();
    await inspect.inspected(2);
    await page.keyboard.press('F2');
    await expect.poll(() => brightness(0.06, 0.06), TIMEOUT).toBeLessThan(0.6 * before);
    expect(await brightness(0.5, 0.4)).toBeGreaterThan(60);
  });

  it('excludes a polygon drawn with a cursor, and sets no verdicts meanwhile', async () => {
    await page.keyboard.press('Shift+R');
    await panel().waitFor();
    for (const key of ['p', 'x', 'Enter', 'Space', 'Shift+ArrowRight', 'Space', 'Shift+ArrowDown', 'Space'])
      await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await expect
      .poll(
        () =>
          panel()
            .getByRole('button', { name: /^Exclude polygon/ })
            .count(),
        TIMEOUT,
      )
      .toBe(1);
    await page.keyboard.press('a');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Delete');
    await expect
      .poll(() =>
        panel()
          .getByRole('button', { name: /^Exclude polygon/ })
          .count(),
      )
      .toBe(0);
    expect(await panel().getByRole('button', { name: 'Discard' }).isDisabled()).toBe(true);
  });

  it('reports the problem of a region without pixels', async () => {
    await page.keyboard.press('Shift+R');
    await panel().getByRole('spinbutton', { name: 'Border' }).fill('64');
    await page.keyboard.press('Enter');
    await expect.poll(() => panel().getByRole('alert').innerText(), TIMEOUT).toMatch(/border/);
    expect(await panel().getByRole('button', { name: 'Save region' }).isDisabled()).toBe(true);
    await panel().getByRole('button', { name: 'Discard' }).click();
  });

  it('is drawn and moved with the pointer, and removed', async () => {
    await page.keyboard.press('Shift+R');
    await panel().waitFor();
    const canvas = inspect.canvas('Input');
    const box = await canvas.boundingBox();
    if (!box) throw new Error('The pane is not visible.');
    const side = Math.min(box.width, box.height);
    const at = (x: number, y: number): [number, number] => [
      box.x + (box.width - side) / 2 + x * side,
      box.y + (box.height - side) / 2 + y * side,
    ];
    const drag = async (from: [number, number], to: [number, number]) => {
      await page.mouse.move(...from);
      await page.mouse.down();
      await page.mouse.move(...to, { steps: 4 });
      await page.mouse.up();
    };
    await panel().getByRole('button', { name: 'Clear' }).click();
    await panel().getByRole('button', { name: 'Include', exact: true }).click();
    await page.keyboard.press('r');
    await drag(at(0.25, 0.25), at(0.75, 0.5));
    await expect.poll(() => shape().innerText(), TIMEOUT).toMatch(/6[345] × 3[123] at 3[123], 3[123]/);
    await page.keyboard.press('v');
    await drag(at(0.5, 0.4), at(0.625, 0.4));
    await expect.poll(() => shape().innerText(), TIMEOUT).toMatch(/6[345] × 3[123] at 4[789], 3[123]/);
    await panel().getByRole('button', { name: 'Clear' }).click();
    await panel().getByRole('button', { name: 'Save region' }).click();
    await expect.poll(() => status().innerText(), TIMEOUT).toBe('Whole image');
    await page.keyboard.press('Escape');
    await expect.poll(() => brightness(0.06, 0.06), TIMEOUT).toBeGreaterThan(60);
  });
});
